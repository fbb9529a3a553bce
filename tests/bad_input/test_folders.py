"""Run folders: in use, of another plan, damaged, on a full disk; and what is written for others."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bakeoff.core.lock import folder_lock

SMALL_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (%d, resource.RLIM_INFINITY))
from bakeoff.cli import main
main(sys.argv[1:])
"""


def run(path, out, *options):
    return (
        *("run", path, "--target", "label", "--contenders", "majority", "--out", out),
        *("--ignore", "gpt", "--preset", "quick", "--folds", "2", "--workers", "1", *options),
    )


@pytest.fixture(scope="module")
def baseline(reviews, call, tmp_path_factory):
    """A folder of a run of the baselines alone."""
    folder = tmp_path_factory.mktemp("runs") / "plain"
    code, _, err = call(*run(reviews, folder))
    assert code == 0, err
    return folder


def test_a_second_run_on_the_same_folder_leaves_with_a_clear_message(refused, reviews, baseline):
    with folder_lock(baseline):
        refused(
            1,
            run(reviews, baseline, "--json"),
            f"another run is using {baseline}",
            f"(process {os.getpid()})",
            "fix: wait for it, or name another folder with --out",
        )


def test_other_data_get_a_folder_of_their_own_said_aloud(
    call, baseline, write, review_rows, tmp_path
):
    path = write(tmp_path / "reviews.csv", review_rows(seed=3))
    before = (baseline / "plan.json").read_bytes()
    code, _, err = call(*run(path, baseline))
    place = baseline.with_name("plain-2")
    assert code == 0
    assert f"{baseline} holds another plan or other data, so this run is {place}" in err
    assert (place / "report.html").is_file()
    assert (baseline / "plan.json").read_bytes() == before


def test_a_damaged_plan_is_named(refused, tmp_path):
    (tmp_path / "plan.json").write_text('{"version": 1, "name":')
    refused(1, ("report", tmp_path), "plan.json", "fix: ")


@pytest.mark.parametrize("verb", ["report", "predict"])
def test_a_folder_that_is_no_run_is_refused(refused, reviews, tmp_path, verb):
    more = (reviews, "-o", tmp_path / "out.csv") if verb == "predict" else ()
    refused(
        1,
        (verb, tmp_path, *more),
        "is not a run folder: it has no plan.json",
        "fix: name a folder made by 'bakeoff run'",
    )


def test_a_run_that_is_not_finished_says_how_to_go_on(refused, baseline, tmp_path):
    folder = tmp_path / "half"
    folder.mkdir()
    (folder / "plan.json").write_bytes((baseline / "plan.json").read_bytes())
    refused(1, ("report", folder), "is not finished", "fix: go on with it: ")
    assert [path.name for path in folder.iterdir()] == ["plan.json"]


def test_what_stands_at_the_place_of_the_folder_is_left_alone(refused, reviews, tmp_path):
    place = tmp_path / "taken"
    place.write_text("mine")
    refused(1, run(reviews, place, "--json"), f"{place} is a file", "--out")
    assert place.read_text() == "mine"
    refused(1, run(reviews, tmp_path, "--json"), "is no run folder: it holds 'taken'", "--out")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_place_that_cannot_be_written_is_named(refused, reviews):
    refused(1, run(reviews, "/proc/no/run", "--json"), "cannot write", "fix: ")


def test_a_full_disk_stops_the_run_and_what_was_there_is_kept(reviews, baseline, tmp_path):
    folder = tmp_path / "full"
    shutil.copytree(baseline, folder)
    page = (folder / "report.html").read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK % (len(page) - 100), *map(str, run(reviews, folder))],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"error: cannot write {folder / 'report.html'}" in done.stderr
    assert "why: what was finished before is kept" in done.stderr
    assert "fix: free some space or choose another folder" in done.stderr
    assert (folder / "report.html").read_bytes() == page
    assert not list(folder.glob("*.tmp"))


def test_formulas_of_the_data_cannot_run_in_the_exported_file(call, finished, write, tmp_path):
    folder, *_ = finished
    cells = ["=1+1", "@SUM(A1)", "-2+3", "+cmd|' /C calc'!A0", "\tx", "plain", "-2.5"]
    new = write(tmp_path / "new.csv", [(cell, "pos") for cell in cells], ("text", "gpt"))
    arguments = ("predict", folder, new, "--model", "ngram-linear", "-o", tmp_path / "out.csv")
    code, out, _ = call(*arguments)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert (code, out) == (0, "")
    got = [row["text"] for row in rows]
    assert got == ["'=1+1", "'@SUM(A1)", "'-2+3", "'+cmd|' /C calc'!A0", "'\tx", "plain", "-2.5"]
    assert call(*arguments, "--raw")[0] == 0
    assert Path(tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1].startswith("=1+1")


def test_html_in_a_cell_is_text_on_the_page(finished):
    folder, *_ = finished
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
