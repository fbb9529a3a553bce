"""A real OpenAI-compatible server on this machine, `transformers serve`, asked end to end.

Its traps: without a chat template every question is an internal error; ``response_format`` and
``logprobs`` are ignored in silence; the model that it says answered is ``NAME@main``.
"""

import csv
import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pyarrow.parquet as pq
import pytest

NEEDED = ("torch", "transformers", "fastapi", "uvicorn", "openai", "httpx", "tenacity")
STARTS_WITHIN_S = 120
UNUSABLE = {"unparsed", "outside", "refused", "empty", "cut-off"}


@pytest.fixture(scope="module")
def served(make_causal, tmp_path_factory):
    """A checkpoint's folder and the address where it is served."""
    absent = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if absent:
        pytest.skip(f"'transformers serve' needs {', '.join(absent)}")
    place = tmp_path_factory.mktemp("served")
    model = make_causal(place / "tiny", "llama", chat=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = place / "log.txt"
    program = "from transformers.cli.transformers import main; main()"
    command = [sys.executable, "-c", program, "serve", str(model), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--device", "cpu"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    with log.open("w") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/health", server, log)
        yield model, f"http://127.0.0.1:{port}/v1"
    finally:
        server.kill()
        server.wait()


def wait_for(address, server, log):
    until = time.monotonic() + STARTS_WITHIN_S
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.skip(f"'transformers serve' does not start here: {log.read_text()[-300:]}")


@pytest.fixture
def questions(tmp_path):
    """Forty questions of trec6."""
    folder = os.environ.get("BAKEOFF_DATA")
    if not folder:
        pytest.skip("BAKEOFF_DATA is not set")
    import gzip

    with gzip.open(f"{folder}/trec6/test.tsv.gz", "rt", encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))[:40]
    path = tmp_path / "questions.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["text", "label"])
        writer.writerows((row["text"], row["label"]) for row in rows)
    return path


@pytest.mark.data
def test_a_served_model_is_asked_end_to_end_and_its_babble_is_counted_not_guessed(
    served, questions, call, tmp_path
):
    model, address = served
    spec = f"llm@wording=plain@choice_rows=2@repeat_rows=1@max_tokens=6:{model}@{address}"
    code, out, err = call(
        *("run", questions, "--target", "label", "--text", "text", "--json"),
        *("--contenders", f"majority,ngram-linear,{spec}", "--out", tmp_path / "run"),
        *("--preset", "quick", "--folds", "2", "--workers", "1"),
    )
    assert code == 0, err
    analysis = json.loads(out)
    rows = analysis.get("analysis", analysis)["rows"]
    assert any(row["name"] == spec for row in rows)
    tables = [pq.read_table(path) for path in (tmp_path / "run" / "predictions").glob("*llm*")]
    status = [why_not for table in tables for why_not in table["status"].to_pylist()]
    assert len(status) >= 20
    assert sum(why_not in UNUSABLE for why_not in status) >= len(status) / 2
    assert "missing" not in status, "no call failed"
    usage = [dict(used) for table in tables for used in table["usage"].to_pylist()]
    assert all(min(used.values()) > 0 for used in usage)
