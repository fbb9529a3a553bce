"""Claims are judged by their intervals alone; what was not measured is called that."""

from dataclasses import replace

import pytest

from bakeoff.report.together.claims import judge_claims
from bakeoff.report.together.lines import lines
from bakeoff.report.words import Words
from bakeoff.results.analysis import Estimate
from bakeoff.results.together import Member, Together

ENCODER, NET, PIXELS = "encoder-finetuned", "text-cnn", "pixels-linear"


def estimate(value, half=0.01):
    return Estimate(value, value - half, value + half, 500, "wilson")


def member(build, name, scores, *, ground="text", sides=None, speaker=ENCODER, evidence="lockbox"):
    """Return a set whose contenders have these accuracies: out of fold and held out alike."""
    rows = []
    for contender, accuracy in scores.items():
        both = {"accuracy": accuracy, "recall_macro": accuracy}
        rows.append(
            build.row(contender, contender, "nets", accuracy, out_of_fold=both, held_out=both)
        )
    rows.sort(key=lambda row: -row.score.value)
    plan = build.plan_of(tuple(rows), rows[0].name)
    plan = replace(plan, name=name, splits=replace(plan.splits, evidence=evidence))
    verdict = build.verdict_of(rows[0].name, "better", rows[-1].name)
    sides = sides or {ENCODER: "language", NET: "deep", PIXELS: "classical"}
    return Member(
        name, ground, f"{name}/report.html", plan, build.analysis_of(rows, (), verdict), sides,
        speaker,
    )  # fmt: skip


@pytest.fixture
def judged(build):
    """Return a function from sets to code -> result."""

    def judged(*members, full=True):
        found = judge_claims(Together(full, members), Words("en"))
        return {claim.code: claim for claim in found}

    return judged


@pytest.mark.parametrize(
    ("accuracy", "word"),
    [
        (estimate(0.97), "holds"),
        (estimate(0.93), "fails"),
        (estimate(0.955), "open"),
        (Estimate(0.99, None, None, 5, "undefined"), "open"),
    ],
)
def test_a_claim_is_judged_by_the_whole_interval(build, judged, accuracy, word):
    assert judged(member(build, "sst2", {ENCODER: accuracy}))["sentiment-95"].word == word


def test_a_claim_about_a_set_that_is_not_here_is_not_measured(build, judged):
    found = judged(member(build, "cola", {ENCODER: estimate(0.99)}))
    assert found["sentiment-95"].word == "unmeasured"
    assert found["resnet-97"].word == "unmeasured"
    assert found["smaller-mse"].measured == ()


@pytest.mark.parametrize(("above", "below", "word"), [(4, 0, "open"), (5, 0, "holds"),
                                                      (1, 3, "open"), (0, 4, "fails")])  # fmt: skip
def test_missing_tasks_could_go_either_way(build, judged, above, below, word):
    members = [member(build, f"a{n}", {ENCODER: estimate(0.95)}) for n in range(above)]
    members += [member(build, f"b{n}", {ENCODER: estimate(0.8)}) for n in range(below)]
    claim = judged(*members)["most-above-90"]
    assert (claim.word, claim.of) == (word, 8)


def test_recall_must_hold_on_every_set(build, judged):
    good, bad = (member(build, n, {ENCODER: estimate(v)}) for n, v in (("a", 0.9), ("b", 0.7)))
    assert judged(good)["recall-80"].word == "holds"
    assert judged(good, bad)["recall-80"].word == "fails"


@pytest.mark.parametrize(("net", "word"), [(0.80, "holds"), (0.89, "open"), (0.95, "fails")])
def test_intervals_that_touch_show_no_lead(build, judged, net, word):
    one = member(build, "docstrings", {ENCODER: estimate(0.9), NET: estimate(net)})
    assert judged(one, full=False)["ahead-text"].word == word


def test_a_paired_difference_is_preferred_to_two_intervals(build, judged):
    one = member(build, "docstrings", {ENCODER: estimate(0.9), NET: estimate(0.89)})
    pair = build.versus(NET, ENCODER, Estimate(-0.01, -0.015, -0.005, 500, "bootstrap"), "worse")
    one = replace(one, analysis=replace(one.analysis, comparisons=(pair,)))
    claim = judged(one)["ahead-text"]
    assert claim.word == "holds"
    assert claim.measured[0].paired
    assert claim.measured[0].value.value == pytest.approx(0.01)


def test_on_pictures_deep_nets_are_held_against_classical_models(build, judged):
    scores = {"resnet": estimate(0.98), PIXELS: estimate(0.95)}
    sides = {"resnet": "deep", PIXELS: "classical"}
    one = member(build, "cifar10", scores, ground="image", sides=sides, speaker="resnet")
    found = judged(one)
    assert found["ahead-image"].word == "holds"
    assert found["resnet-97"].word == "holds"


def test_an_official_test_is_quoted_before_cross_validation(build, judged):
    one = member(build, "sst2", {ENCODER: estimate(0.97)}, evidence="oof")
    row = replace(one.analysis.rows[0], out_of_fold={"accuracy": estimate(0.9)})
    official = replace(one, analysis=replace(one.analysis, rows=(row,)))
    assert judged(official)["sentiment-95"].word == "holds"
    own = replace(official.plan, splits=replace(official.plan.splits, lockbox_origin="held-out"))
    assert judged(replace(official, plan=own))["sentiment-95"].word == "fails"


def test_lines_go_by_side_and_of_all_guessing_the_best_is_kept(build):
    one = member(build, "a", {NET: estimate(0.8), ENCODER: estimate(0.7)})
    guesses = tuple(
        build.row(name, name, "baselines", estimate(value), baseline=True)
        for name, value in (("majority", 0.5), ("stratified-random", 0.4))
    )
    one = replace(one, analysis=replace(one.analysis, rows=(*one.analysis.rows, *guesses)))
    made = lines(one, Words("en"))
    assert [line.side for line in made] == ["language", "deep", "guessing"]
    assert made[-1].contender == "majority"
