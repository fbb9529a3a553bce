"""A context for scripts: it leaves nothing behind."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import sys
from bakeoff.testing import context
for _ in range(3):
    made = context()
    (made.scratch / "left").write_text("by a fit")
    print(made.scratch)
sys.exit(int(sys.argv[1]))
"""


@pytest.mark.parametrize("code", [0, 1])
def test_temporary_folders_are_apart_and_gone_when_the_process_ends(code, tmp_path):
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", SCRIPT, str(code)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    folders = done.stdout.split()
    assert len(set(folders)) == 3
    assert all(folder.startswith(str(tmp_path)) for folder in folders)
    assert list(tmp_path.iterdir()) == []
