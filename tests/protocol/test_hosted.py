"""A model that learns nothing here makes one pass; it is kept, measured, charged like others."""

import pytest

from bakeoff.contenders.artefacts import load_model
from bakeoff.protocol import grid

pytest.importorskip("torch")
pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def run(tmp_path_factory, build, carry_out):
    """Return the work, its ending, and the name of the model that learns nothing."""
    from bakeoff.testing.tiny_encoder import tiny_encoder

    root = tmp_path_factory.mktemp("hosted")
    name = f"encoder-zeroshot:{tiny_encoder(root / 'tiny')}"
    classes = ("dogs", "sun")
    runs = {}
    for evidence in ("oof", "lockbox"):
        work = build(
            root / evidence,
            *("ngram-linear", name),
            evidence=evidence,
            classes=classes,
            answers=lambda i, label: label,
        )
        runs[evidence] = (work, *carry_out(work)[:1])
    return runs, name


@pytest.mark.parametrize("evidence", ["oof", "lockbox"])
def test_it_makes_one_pass_and_is_refitted_and_measured(run, evidence):
    runs, name = run
    work, ending = runs[evidence]
    assert not ending.failed
    plan = work.plan
    cells = [*grid.first_cells(plan), *grid.final_cells(plan), *grid.measure_cells(plan)]
    stages = [cell.stage for cell in cells if cell.contender == name]
    assert stages == [grid.PASS, grid.FINAL, grid.MEASURE]
    given = [cell.stage for cell in cells if cell.contender == "answers:llm"]
    assert given == [grid.PASS]


@pytest.mark.parametrize("evidence", ["oof", "lockbox"])
def test_its_cost_is_a_models(run, evidence):
    runs, name = run
    _, ending = runs[evidence]
    row = next(row for row in ending.analysis.rows if row.name == name)
    assert row.score is not None
    assert row.cost.latency_p50_s > 0
    assert row.cost.parameters > 1_000
    assert row.cost.flops_per_row > 0
    assert row.money.per_1000 > 0
    answers = next(row for row in ending.analysis.rows if row.name == "answers:llm")
    assert answers.cost.latency_p50_s is None


def test_it_can_be_shipped(run):
    runs, name = run
    work, _ = runs["oof"]
    assert load_model(work.folder.model(name)).contender.name == name


def test_its_predictions_are_not_taken_for_answers_made_elsewhere(run):
    runs, _name = run
    _, ending = runs["oof"]
    told = {
        f.values["contender"]
        for f in ending.analysis.threats
        if f.code in ("llm-may-have-seen-data", "answers-one-per-row", "origin-not-recorded")
    }
    assert told == {"answers:llm"}
