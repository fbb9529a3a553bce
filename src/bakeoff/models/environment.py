"""Variables of the process's environment, set for one block and put back afterwards."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def environment(**values: str) -> Iterator[None]:
    """Set variables in this block: some libraries can be told in no other way."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def one_thread() -> contextlib.AbstractContextManager[None]:
    """Keep tokenizers from starting threads: the caller's number of threads is a promise."""
    return environment(TOKENIZERS_PARALLELISM="false")
