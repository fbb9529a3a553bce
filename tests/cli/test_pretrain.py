"""The verb: a model in a folder, a record as JSON, errors with a fix."""

import json
import subprocess
import sys

import pytest

from bakeoff.core.extras import is_installed

SMALL = (
    *("--vocabulary", "300", "--layers", "1", "--width", "16", "--heads", "1", "--length", "16"),
    *("--epochs", "1", "--batch-rows", "8", "--precision", "fp32", "--held-out", "0.2"),
    *("--threads", "1", "--device", "cpu"),
)
needs_torch = pytest.mark.skipif(not is_installed("torch"), reason="needs the extra torch")


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(f"the room was number {n} of ten" for n in range(120)))
    return path


@needs_torch
def test_a_model_is_made_and_its_record_printed(call, text, tmp_path):
    out = str(tmp_path / "model")
    code, printed, told = call(
        "pretrain", text, "--objective", "clm", "--out", out, *SMALL, "--json"
    )
    record = json.loads(printed)
    assert code == 0
    assert record["settings"]["objective"] == "clm"
    assert record["learn"]["documents"] + record["held_out"]["documents"] == 120
    assert "tokens to learn from" in told
    code, printed, told = call("pretrain", text, "--objective", "clm", "--out", out, *SMALL)
    assert (code, printed) == (0, "")
    assert "is done already" in told
    assert "bits a byte" in told
    assert "tokens a second" in told


@needs_torch
def test_curves_are_written_where_they_are_asked_for(call, text, tmp_path, monkeypatch):
    pytest.importorskip("tensorboard")
    monkeypatch.setenv("BAKEOFF_TENSORBOARD", "")  # so that it is put back
    curves = tmp_path / "curves"
    options = ("--objective", "clm", "--tensorboard", curves)
    code, _, _ = call("pretrain", text, "--out", tmp_path / "m", *SMALL, *options)
    assert code == 0
    assert [path.name[:6] for path in curves.glob("*/*")] == ["events"]


@needs_torch
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--objective", "mml"), "did you mean 'mlm'"),
        (("--threads", "0"), "--threads is 0"),
        (("--length", "5000", "--held-out", "0"), "are needed at least"),
    ],
)
def test_what_cannot_be_done_is_told(call, text, tmp_path, options, message):
    code, _, told = call("pretrain", text, "--out", tmp_path / "m", *SMALL, *options)
    assert code in (1, 2)
    assert message in told
    assert "Traceback" not in told


def test_without_torch_the_pip_line_is_told(call, text, tmp_path, monkeypatch):
    monkeypatch.setattr("bakeoff.core.extras.is_installed", lambda _name: False)
    code, _, told = call("pretrain", text, "--out", tmp_path / "m")
    assert code == 1
    assert "pip install 'bakeoff[torch]'" in told


def test_its_help_loads_no_torch():
    script = (
        "import sys; from bakeoff.cli import main\n"
        "try: main(['pretrain', '--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0
