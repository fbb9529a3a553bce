#!/usr/bin/env bash
# Takes docs/decision-page.png, the picture of the README, from the page of a finished run.
#
#   docs/take-picture.sh RUN_FOLDER        for example: make demo && docs/take-picture.sh runs/demo/docstrings
#
# Needs Chromium or Chrome (named by $CHROMIUM, else looked for), and Pillow, which the core has.
set -euo pipefail

if [ $# -ne 1 ] || [ ! -f "$1/report.html" ]; then
  echo "usage: docs/take-picture.sh RUN_FOLDER (a folder with a report.html)" >&2
  exit 2
fi
root="$(cd "$(dirname "$0")/.." && pwd)"
page="$(cd "$1" && pwd)/report.html"
browser="${CHROMIUM:-}"
for name in chromium chromium-browser google-chrome chrome; do
  [ -z "$browser" ] && browser="$(command -v "$name" || true)"
done
if [ -z "$browser" ]; then
  echo "no Chromium found; name one with CHROMIUM=..." >&2
  exit 2
fi
if [ -z "${PYTHON:-}" ]; then
  PYTHON=python3
  [ -x "$root/.venv/bin/python" ] && PYTHON="$root/.venv/bin/python"
fi
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --force-color-profile=srgb \
  --user-data-dir="$folder/profile" --window-size=1200,1500 \
  --screenshot="$folder/page.png" "file://$page" >/dev/null 2>&1

# 256 colours are enough for type and lines, and keep the file small.
"$PYTHON" - "$folder/page.png" "$root/docs/decision-page.png" <<'PYTHON'
import sys
from pathlib import Path

from PIL import Image

source, target = map(Path, sys.argv[1:])
with Image.open(source) as picture:
    top = picture.convert("RGB").crop((0, 0, picture.width, min(1500, picture.height)))
    top.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        target, optimize=True
    )
size = target.stat().st_size
print(f"{target}: {top.width} x {top.height}, {size / 1000:.0f} kB")
sys.exit(0 if size < 400_000 else "the picture is larger than 400 kB")
PYTHON
