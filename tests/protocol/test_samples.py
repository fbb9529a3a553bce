"""A comparison of language models from a text file: stopped and resumed, and what they write."""

from __future__ import annotations

import math
import zlib
from contextlib import closing

import numpy as np
import pyarrow.parquet as pq
import pytest

import bakeoff
from bakeoff.core.errors import ContenderError, UsageError
from bakeoff.data.corpus import BLOCK_SETTING
from bakeoff.data.readers.plain_text import read
from bakeoff.plan.compare import make_work
from bakeoff.plan.make import make_plan
from bakeoff.plan.options import make_options
from bakeoff.protocol import grid
from bakeoff.protocol.execute import SAMPLE_CHARACTERS
from bakeoff.protocol.returned import check_nats
from bakeoff.protocol.samples import samples
from bakeoff.protocol.splits import LOCKBOX, TRAIN, read_splits
from bakeoff.results.folder import RunFolder
from bakeoff.results.ledger import Ledger

COUNTING = ("byte-ngram@order=3", "word-ngram@order=2", "zlib-primed")
WRITERS = {"byte-ngram@order=3", "word-ngram@order=2", "uniform-bytes", "byte-frequencies"}
OPTIONS = {"kind": "language-modelling", "block": 128}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A small text whose words follow one another by rules, with noise."""
    rng = np.random.default_rng(0)
    subjects, verbs, things = (["the cat", "a dog", "she"], ["sees", "has"], ["tea", "books"])
    lines = [
        " ".join(str(rng.choice(words)) for words in (subjects, verbs, things)) + f" {i % 7}.\n"
        for i in range(500)
    ]
    path = tmp_path_factory.mktemp("book") / "book.txt"
    path.write_text("".join(lines))
    return path


@pytest.fixture
def plan_book(book, tmp_path):
    def build(folder):
        planned = make_plan(book, make_options({**OPTIONS, "contenders": COUNTING}))
        return make_work(planned, RunFolder(tmp_path / folder), planned.plan)

    return build


@pytest.fixture(scope="module")
def compared(book, tmp_path_factory):
    """The one public call, with workers, as a user makes it."""
    root = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAKEOFF_CACHE", str(root / "cache"))
        return bakeoff.compare(book, contenders=",".join(COUNTING), out=root / "run", **OPTIONS)


def written_by(work):
    with closing(Ledger(work.folder.ledger_file)) as ledger:
        return samples(work, ledger.cells())


def test_counting_beats_not_looking_and_that_beats_knowing_nothing(compared):
    found = {row.name: row.score.value for row in compared.analysis.rows}
    ordered = sorted(found, key=lambda name: found[name])
    assert ordered[-2:] == ["byte-frequencies", "uniform-bytes"]
    assert found["uniform-bytes"] == pytest.approx(8)
    assert found["byte-ngram@order=3"] < 2
    assert compared.verdict.choice in COUNTING


def test_bits_per_byte_of_zlib_are_those_of_its_packed_lockbox(compared, book):
    splits = read_splits(compared.folder.splits_file)
    blocks = pq.read_table(compared.folder.splits_file)
    assert (
        blocks["role"].to_pylist()
        == [TRAIN] * (splits.role == TRAIN).sum() + [LOCKBOX] * (splits.role == LOCKBOX).sum()
    )
    text = book.read_text()
    # Blocks are cut at line ends, so that the lines of the last fifth are those of the lockbox.
    cut = read(book, "book", block=128).table["text"].to_pylist()
    first = int((splits.role == TRAIN).sum())
    primer = "".join(cut[:first]).encode()[-32_768:]
    assert "".join(cut) == text
    size = 0
    for block in cut[first:]:
        packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=primer)
        size += len(packer.compress(block.encode()) + packer.flush())
    expected = 8 * size / len("".join(cut[first:]).encode())
    row = next(row for row in compared.analysis.rows if row.name == "zlib-primed")
    assert row.score.value == pytest.approx(expected)


def test_perplexity_per_word_is_told_beside(compared):
    for row in compared.analysis.rows:
        assert 1 <= row.metrics["word_perplexity"] < math.inf


def test_those_who_can_write_have_a_sample_and_it_stands_on_the_page(compared):
    written = compared.analysis.samples
    assert set(written) == WRITERS
    assert all(len(text) == SAMPLE_CHARACTERS for text in written.values())
    page = (compared.folder.root / "report.html").read_text(encoding="utf-8")
    section = page.split('<section id="samples">')[1].split("</section>")[0]
    assert section.count('<pre class="sample"') == len(WRITERS)
    assert "<h2>What they write</h2>" in section
    learned = written["word-ngram@order=2"].splitlines()[1]
    assert learned in section


def test_the_same_run_again_computes_nothing_and_says_the_same(compared, book):
    again = bakeoff.compare(
        book, contenders=",".join(COUNTING), out=compared.folder.root, **OPTIONS
    )
    assert again.analysis.samples == compared.analysis.samples
    scores = [[row.score for row in one.analysis.rows] for one in (again, compared)]
    assert scores[0] == scores[1]


@pytest.mark.parametrize("cells", [2, 6])
def test_a_run_that_was_stopped_comes_to_the_same_bytes(plan_book, carry_out, cells):
    whole = plan_book("whole")
    ending, _ = carry_out(whole)
    stopped = plan_book("stopped")
    with pytest.raises(KeyboardInterrupt):
        carry_out(stopped, stop_after=cells)
    resumed, ears = carry_out(stopped)
    assert ears.begun[0][1] == cells
    files = [
        {path.name: path.read_bytes() for path in work.folder.predictions.iterdir()}
        for work in (whole, stopped)
    ]
    assert files[0] == files[1]
    assert ending.analysis.samples == resumed.analysis.samples


def test_samples_are_drawn_by_the_seed_and_kept_with_their_hash(plan_book, carry_out):
    works = [plan_book("one"), plan_book("two")]
    for work in works:
        carry_out(work)
    first, second = map(written_by, works)
    assert first == second
    assert set(first) == WRITERS
    with closing(Ledger(works[0].folder.ledger_file)) as ledger:
        kept = [r for r in ledger.cells() if r.cell.stage == grid.MEASURE and r.file]
    assert {record.cell.contender for record in kept} == WRITERS
    assert all(record.sha256 for record in kept)


def test_folds_are_made_where_they_are_asked_for(book):
    plan = make_plan(book, make_options({**OPTIONS, "contenders": COUNTING, "folds": 3})).plan
    assert (plan.splits.folds, plan.splits.rule) == (3, "contiguous")
    assert make_plan(book, make_options({**OPTIONS, "contenders": COUNTING})).plan.splits.folds == 1


def test_answers_from_elsewhere_are_refused_with_a_way_out(book):
    with pytest.raises(UsageError, match="cannot be compared in language modelling"):
        make_plan(book, make_options({**OPTIONS, "answers": ("llm",)}))


@pytest.mark.parametrize("nats", [math.inf, -math.inf, -0.5])
def test_an_impossible_text_or_a_chance_above_one_is_an_error(nats):
    with pytest.raises(ContenderError, match="every text must be possible"):
        check_nats(np.array([1.0, nats]))


def test_rounding_below_nothing_and_a_missing_number_are_none():
    check_nats(np.array([0.0, -1e-4, math.nan, 5.0]))


def test_the_plan_says_what_it_reads(book):
    plan = make_plan(book, make_options({**OPTIONS, "contenders": COUNTING})).plan
    assert plan.task.kind == "language-modelling"
    assert any("running text" in note for note in plan.data.sources[0].notes)


def test_the_model_of_a_run_reads_new_texts_in_the_blocks_of_that_run(compared):
    settings = dict(compared.best().saved.task.settings)
    assert settings[BLOCK_SETTING] == str(OPTIONS["block"])
