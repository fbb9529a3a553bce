"""An update from files to record: what is learned, judged, counted and kept."""

import numpy as np
import pandas as pd
import pytest

import bakeoff
from bakeoff.core.errors import UsageError
from bakeoff.plan.result import open_model
from bakeoff.plan.update.run import UpdateRequest, update_model
from bakeoff.results.codec import from_json
from bakeoff.results.ledger import Ledger
from bakeoff.results.update import UpdateRecord

GOOD, BAD = ("crisp", "keen", "lush", "merry"), ("bleak", "dull", "grim", "sour")
NEW_GOOD, NEW_BAD = ("dapper", "jaunty", "zesty", "spry"), ("murky", "drab", "glum", "rancid")


def reviews(n, seed, good=GOOD, bad=BAD):
    """Return texts whose words tell the label, nine times in ten."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, n)
    told = np.where(rng.random(n) < 0.1, 1 - labels, labels)
    fillers = ["it", "was", "this", "that", "on", "the", "and", "of"]
    texts = [
        " ".join([*rng.choice(fillers, 6), *rng.choice((bad, good)[t], 2), str(rng.integers(9999))])
        for t in told
    ]
    return pd.DataFrame({"text": texts, "label": np.where(labels == 1, "yes", "no")})


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("update")
    # A few old rows hold the new words, or the vocabulary of the first fit could not tell them.
    old = pd.concat([reviews(200, 1), reviews(40, 2, NEW_BAD, NEW_GOOD)])
    old.to_csv(folder / "old.csv", index=False)
    reviews(240, 3, NEW_GOOD, NEW_BAD).to_csv(folder / "new.csv", index=False)
    bakeoff.compare(
        folder / "old.csv",
        target="label",
        contenders="ngram-linear@C=1.0",
        preset="quick",
        workers=1,
        out=folder / "run",
    )
    return folder


@pytest.fixture
def update(run, tmp_path):
    def go(place=run / "run", **options):
        wanted = {"source": str(run / "new.csv"), "out": str(tmp_path / "out")}
        wanted["model"] = "ngram-linear@C=1.0"
        return update_model(UpdateRequest(place=str(place), **(wanted | options)))

    return go


def test_it_gains_on_new_rows_and_the_record_lies_with_the_model(update, tmp_path):
    record = update()
    assert record.new.word == "better"
    assert record.new.after.value > record.new.before.value + 0.3
    assert record.old is not None
    assert (record.old_origin, record.old.rows) == ("lockbox", 48)
    assert record.new_rows + record.left_out + record.new.rows == 240
    assert 0 < record.replayed_rows <= record.new_rows
    kept = (tmp_path / "out" / "update.json").read_bytes()
    assert from_json(UpdateRecord, kept, where="") == record


def test_each_look_at_the_lockbox_is_counted(update, run, tmp_path):
    ledger = Ledger(run / "run" / "ledger.sqlite")
    before = len(ledger.openings())
    record = update(out=str(tmp_path / "a"))
    assert record.openings == before + 1 == len(ledger.openings())
    ledger.close()


def test_the_model_goes_on_from_its_update(update, run, tmp_path):
    update(replay=0.0)
    model = open_model(tmp_path / "out")
    assert set(model.predict(run / "new.csv")) == {"no", "yes"}
    again = update(tmp_path / "out", model=None, out=str(tmp_path / "again"))
    assert again.new.word != "better"
    assert (again.old, again.openings) == (None, 0)


def test_old_rows_of_a_file_judge_and_the_reader_is_told_of_their_flaw(update, run):
    record = update(old=str(run / "old.csv"))
    assert (record.old_origin, record.openings) == ("file", 0)
    assert any("may have learned from the old rows" in note for note in record.notes)


def test_a_changed_file_of_the_run_is_not_taken_for_its_old_rows(update, run):
    path = run / "old.csv"
    content = path.read_bytes()
    path.write_bytes(content + b"more,yes\n")
    try:
        record = update()
    finally:
        path.write_bytes(content)
    assert (record.old, record.replayed_rows) == (None, 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "majority"}, "these can: ngram-linear"),
        ({"replay": 1.0}, "below 1"),
        ({"judge": 0.0}, "above 0"),
        ({"target": "lable"}, "no column 'lable'"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(update, options, message):
    with pytest.raises(UsageError, match=message):
        update(**options)


def test_a_class_that_the_model_does_not_know_is_refused(update, tmp_path):
    rows = reviews(40, 5)
    rows.loc[3, "label"] = "perhaps"
    rows.to_csv(tmp_path / "other.csv", index=False)
    with pytest.raises(UsageError, match="none of the model's classes"):
        update(source=str(tmp_path / "other.csv"))


def test_rows_that_the_model_knows_neither_judge_nor_are_counted_as_new(update, run, tmp_path):
    both = pd.concat([pd.read_csv(run / "old.csv"), pd.read_csv(run / "new.csv")])
    both.to_csv(tmp_path / "both.csv", index=False)
    record = update(source=str(tmp_path / "both.csv"))
    assert record.left_out > 48
    assert record.new_rows + record.left_out + record.new.rows == 480
    assert record.new.word == "better"
