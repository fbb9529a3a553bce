"""Text, picture and columns of 741 furniture products: each alone, and fused, side by side.

    BAKEOFF_DATA=... python benchmarks/ikea.py [FOLDER] [-- OPTIONS OF bakeoff run]

Unpacks the pictures into a temporary folder, and compares contenders that read one modality with
fused nets, under one protocol with product series kept on one side of every split. The run folder
and its page stay in FOLDER (default ./ikea).
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

NET = "weights/mobilenet_v2_imagenet/mobilenet_v2_1.0_224_quant.tflite"


def contenders(net: Path) -> list[str]:
    """Return the specs that are compared."""
    frozen = f"@text=encoder@image={net}"
    return [
        *("tabular-linear", "ngram-linear", "encoder-frozen", "pixels-linear"),
        f"feature-net:{net}",
        f"stack:encoder-frozen+feature-net:{net}",
        "fused@fusion=late",
        *(f"fused@fusion={how}{frozen}" for how in ("late", "early", "cross")),
    ]


def main() -> int:
    """Unpack, run, and return the exit code of ``bakeoff run``."""
    data = os.environ.get("BAKEOFF_DATA")
    if not data:
        print(
            "BAKEOFF_DATA is not set: name the folder that holds ikea_multimodal_dev/ and weights/"
        )
        return 2
    own, _, more = " ".join(sys.argv[1:]).partition("--")
    out = Path(own.strip() or "ikea")
    root = Path(data) / "ikea_multimodal_dev"
    with tempfile.TemporaryDirectory(prefix="ikea-") as temporary:
        table = Path(temporary) / "products.tsv"
        with gzip.open(root / "products.tsv.gz") as rows:
            table.write_bytes(rows.read())
        with tarfile.open(root / "images.tar") as archive:
            archive.extractall(temporary, filter="data")
        command = [
            *(sys.executable, "-m", "bakeoff", "run", str(table), "--name", "ikea"),
            *("--target", "coarse_label", "--group", "name", "--ignore", "id"),
            *("--text", "description", "--category", "color", "--image", "image"),
            *("--contenders", ",".join(contenders(Path(data) / NET)), "--out", str(out)),
            *("--preset", "quick", "--time", "1h", *more.split()),
        ]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
