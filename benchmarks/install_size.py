"""Size of the core install: megabytes of wheels to download, and of files on disk afterwards.

``python benchmarks/install_size.py`` makes a fresh virtual environment in a temporary folder,
downloads the wheels of the core (no extras) with the pinned versions, installs from them, and
fails if the wheels are larger than 200 MB. It needs the package registry and nothing else.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MOST_WHEEL_MB = 200
MB = 1_000_000


def main() -> int:
    """Download, install, print; return 1 above the limit."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="bakeoff-install-") as folder:
        wheels, place = Path(folder) / "wheels", Path(folder) / "venv"
        venv.create(place, with_pip=True)
        python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        constraints = str(ROOT / "constraints.txt")
        _pip(python, "wheel", "-c", constraints, "--wheel-dir", str(wheels), str(ROOT))
        before = _bytes(place)
        offline = ("--no-index", "--find-links", str(wheels), "--no-compile")
        _pip(python, "install", *offline, "bakeoff")
        sizes = {path.name: path.stat().st_size for path in wheels.glob("*.whl")}
        packed, unpacked = sum(sizes.values()), _bytes(place) - before
        subprocess.run([python, "-c", "import bakeoff"], check=True)
    for name in sorted(sizes, key=lambda name: -sizes[name])[:6]:
        print(f"{sizes[name] / MB:7.1f} MB  {name}")
    print(f"{packed / MB:7.1f} MB  in {len(sizes)} wheels (at most {MOST_WHEEL_MB} MB)")
    print(f"{unpacked / MB:7.1f} MB  installed, without byte code")
    print(f"{time.perf_counter() - began:7.1f} s")
    return 0 if packed <= MOST_WHEEL_MB * MB else 1


def _pip(python: Path, verb: str, *arguments: str) -> None:
    quiet = ("-qq", "--disable-pip-version-check")  # errors only
    command = [python, "-m", "pip", verb, *quiet, *arguments]
    subprocess.run(command, check=True)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
