"""Where templates come from, and how what they print is made safe."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bakeoff.report.visible import visible

_OWN = ("bakeoff.report",)


@cache
def environment(*packages: str) -> Environment:
    """Return where the templates are, with our escaping.

    Args:
        packages: Whose folders ``templates`` are searched, in order; default: this room's.
    """
    made = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages or _OWN]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["breakable"] = breakable
    return made


def breakable(name: str) -> Markup:
    """Return a name, escaped, that may be broken after its marks: ``a_<wbr>b``."""
    pieces = re.split(r"(?<=[_/.:>@])(?=\w)", visible(name))
    return Markup("<wbr>").join(pieces)


def _finalize(value: object) -> object:
    """Make every text that the template prints visible; markup of ours passes."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
