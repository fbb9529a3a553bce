"""``bakeoff doctor``: is this machine fit for a comparison?"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from bakeoff.cli.spoken import say

_CORE = (
    *("numpy", "scipy", "scikit-learn", "pyarrow", "pandas", "lightgbm", "matplotlib"),
    *("jinja2", "pydantic", "rich", "click", "pillow", "safetensors", "psutil"),
)
LEAST_FREE_BYTES = 2**30


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def command(*, as_json: bool) -> int:
    """Check versions, extras, cores, memory, disk and the store; exit code 1 if anything fails."""
    checks = _checks()
    if as_json:
        click.echo(json.dumps([{"what": w, "found": f, "ok": ok} for w, f, ok in checks], indent=1))
    else:
        say(f"{'ok  ' if ok else 'FAIL'}  {what:<18} {found}" for what, found, ok in checks)
    return 0 if all(ok for _, _, ok in checks) else 1


def _checks() -> list[tuple[str, str, bool]]:
    import psutil

    from bakeoff import __version__
    from bakeoff.core.extras import EXTRAS
    from bakeoff.core.store import default_root

    checks = [
        ("bakeoff", __version__, True),
        ("python", sys.version.split()[0], sys.version_info >= (3, 11)),
    ]
    for package in _CORE:
        found = _version(package)
        checks.append((package, found or "not installed", found is not None))
    for extra, names in EXTRAS.items():
        versions = [(name, _version(name.replace("_", "-"))) for name in names]
        found = ", ".join(f"{name} {number}" for name, number in versions)
        fix = f"not installed (optional): pip install 'bakeoff[{extra}]'"
        complete = all(number for _, number in versions)
        checks.append((f"extra {extra}", found if complete else fix, True))
    memory = psutil.virtual_memory()
    checks.append(("cores", str(os.cpu_count()), True))
    checks.append(("memory", f"{memory.available / 2**30:.1f} GiB free", True))
    free = shutil.disk_usage(Path.cwd()).free
    checks.append(("disk", f"{free / 2**30:.1f} GiB free here", free > LEAST_FREE_BYTES))
    checks.append(_writable("store", default_root()))
    checks.append(_writable("this folder", Path.cwd()))
    return checks


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _writable(what: str, folder: Path) -> tuple[str, str, bool]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            return (what, str(folder), True)
    except OSError as error:
        return (what, f"{folder} cannot be written: {error.strerror}", False)
