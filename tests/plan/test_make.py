"""What a plan fixes: reference, evidence, ROPE, prices, what is dropped, and the question."""

from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import ClassVar

import pytest

from bakeoff.contenders.base import Card, Contender
from bakeoff.core.errors import UsageError
from bakeoff.plan.make import make_plan
from bakeoff.plan.options import Options
from bakeoff.protocol.grid import final_cells, first_cells
from bakeoff.results.codec import record_hash


@pytest.fixture(scope="module")
def plan(reviews):
    def plan(*, source=reviews, test=None, given=(), **options):
        wanted = Options(target="label", **options)
        return make_plan(source, wanted, test=test, given=given).plan

    return plan


def names(plan):
    return [contender.name for contender in plan.contenders]


def test_a_plan_is_hashed_and_made_alike_each_time(plan):
    first, second = plan(), plan()
    assert first == second
    assert first.sha256 == record_hash(replace(first, sha256=""))


def test_the_baselines_always_run_and_an_exclusion_is_kept(plan):
    assert names(plan(contenders=("ngram-linear",))) == [
        *("majority", "stratified-random", "ngram-linear"),
    ]
    assert "ngram-linear" in names(plan())
    assert "ngram-linear" not in names(plan(exclude=("ngram-linear",)))


def test_the_reference_is_the_answers_else_the_pretrained_else_the_plain_model(plan):
    both = ("ngram-linear", "encoder-frozen")
    assert plan(contenders=("ngram-linear", "bm25-knn")).reference == "ngram-linear"
    if find_spec("torch") and find_spec("transformers"):
        assert plan(contenders=both).reference == "encoder-frozen"
    assert plan(answers=("gpt",)).reference == "answers:gpt"
    assert plan(answers=("gpt",), reference="majority").reference == "majority"
    assert plan(reference="majority").reference_reason == "named by --reference"


def rules(rows):
    return ["pos"] * len(rows)


def test_a_function_competes_and_is_not_the_one_to_beat(plan):
    made = plan(given=[rules], contenders=("ngram-linear",))
    assert any("rules" in name for name in names(made))
    assert made.reference == "ngram-linear"
    assert [c.is_object for c in made.contenders if "rules" in c.name] == [True]


def test_a_cascade_runs_at_shares_where_few_training_rows_are_answered(plan):
    shares = [c for c in plan(answers=("gpt",)).contenders if c.variant_of]
    assert {c.variant_of for c in shares} == {"cascade:ngram-linear>answers:gpt"}
    assert len(shares) == 4
    assert all(c.folds for c in shares), "out-of-fold predictions decide, so all go through folds"


def test_small_data_are_judged_out_of_fold(plan):
    assert plan().splits.evidence == "oof"


def test_answers_that_lie_in_the_test_make_the_lockbox_decide(
    plan, reviews, review_rows, write, tmp_path
):
    fresh = [(f"{text} fresh", label, answer) for text, label, answer in review_rows(30, seed=5)]
    test = write(tmp_path / "test.csv", fresh)
    answers = write(
        tmp_path / "llm.csv", [(n, r[1]) for n, r in enumerate(fresh)], ("row", "answer")
    )
    made = plan(test=test, answers=(str(answers),))
    assert made.splits.evidence == "lockbox"
    assert made.splits.lockbox_origin == "official"
    shares = [c for c in made.contenders if c.variant_of]
    assert shares
    assert not any(c.folds for c in shares), "only the lockbox has answers"


def test_partial_answers_enter_the_lockbox_first(reviews, write, review_rows, tmp_path):
    rows = [(t, y, a if n < 10 else "") for n, (t, y, a) in enumerate(review_rows())]
    path = write(tmp_path / "few.csv", rows)
    planned = make_plan(path, Options(target="label", answers=("gpt",)))
    lockbox = planned.splits.rows("lockbox")
    assert set(range(10)) <= set(lockbox.tolist())
    assert planned.plan.splits.evidence == "lockbox"


@pytest.mark.parametrize(("given", "rope"), [(None, 0.01), (2.0, 0.02), (0.0, 0.0)])
def test_the_rope_is_in_points_for_metrics_in_per_cent(plan, given, rope):
    assert plan(rope=given).rope == rope


def test_an_unbounded_metric_has_no_rope_until_the_user_says(write, tmp_path):
    rows = [(f"word{n} more words here", n * 1.5) for n in range(40)]
    path = write(tmp_path / "numbers.csv", rows, ("text", "label"))
    assert make_plan(path, Options(target="label")).plan.rope is None
    assert make_plan(path, Options(target="label", rope=2.5)).plan.rope == 2.5


def test_what_is_too_dear_is_left_out_openly_and_the_plain_model_stays(plan):
    made = plan(time="8s")
    dropped = {c.name: c.dropped for c in made.contenders if c.dropped}
    assert dropped
    assert not {"majority", "stratified-random", "ngram-linear"} & set(dropped)
    for name, why in dropped.items():
        assert any(note.startswith(f"{name}: left out") for note in made.notes)
        assert "--time" in why
    assert any(note.startswith("seeds: 1 instead of 3") for note in made.notes)
    assert any("more than the limit" in note for note in made.notes)


def test_prices_are_the_users_else_assumed_and_marked(plan):
    made = plan(answers=("gpt",), answers_price=("4/1000",), volume="5k/day", machine_price=0.2)
    assert made.prices.per_row == {"answers:gpt": 0.004}
    assert made.prices.volume_per_month == 150_000
    assert made.prices.machine_per_cpu_hour == 0.2
    assert made.prices.assumed == ("hosting_per_month",)


def test_an_unknown_metric_kind_is_refused(plan):
    with pytest.raises(UsageError, match="is not for classification"):
        plan(metric="mse")
    assert plan(metric="f1_macro").task.metrics[0] == "f1_macro"


@pytest.mark.parametrize(
    "option",
    [
        {"folds": 4},
        {"seed": 1},
        {"time": "5m"},
        {"rope": 2.0},
        {"volume": "1k/month"},
        {"contenders": ("ngram-linear",)},
        {"answers": ("gpt",)},
        {"limit": 60},
        {"ignore": ("gpt",)},
    ],
    ids=str,
)
def test_a_changed_option_is_another_question(plan, option):
    assert plan(**option).question != plan().question


@pytest.mark.parametrize("option", [{"workers": 1}, {"name": "other"}], ids=str)
def test_how_and_under_which_name_it_runs_is_the_same_question(plan, option):
    assert plan(**option).question == plan().question


def test_the_same_files_from_another_folder_are_the_same_question(
    plan, reviews, write, tmp_path, monkeypatch
):
    write(tmp_path / "llm.csv", [(0, "pos"), (3, "neg")], ("row", "answer"))
    (tmp_path / "prices.toml").write_text("[volume]\nper_month = 7\n")
    there = plan(answers=(str(tmp_path / "llm.csv"),), prices=str(tmp_path / "prices.toml"))
    monkeypatch.chdir(tmp_path)
    assert plan(answers=("llm.csv",), prices="prices.toml").question == there.question
    (tmp_path / "prices.toml").write_text("[volume]\nper_month = 8\n")
    assert plan(answers=("llm.csv",), prices="prices.toml").question != there.question


def test_an_edited_function_is_another_question(plan):
    def make(word):
        space = {}
        exec(f"def judge(rows):\n    return ['{word}' for row in rows]", space)
        return space["judge"]

    assert plan(given=[make("pos")]).question == plan(given=[make("pos")]).question
    assert plan(given=[make("pos")]).question != plan(given=[make("neg")]).question


def test_without_folds_the_held_out_rows_decide(plan):
    made = plan(folds=1, contenders=("ngram-linear",))
    assert (made.splits.folds, made.splits.evidence) == (1, "lockbox")
    assert {cell.stage for cell in first_cells(made)} == set()
    assert {cell.contender for cell in final_cells(made)} == set(names(made))


def test_nets_that_were_not_asked_for_do_not_keep_the_user_waiting(plan, monkeypatch):
    monkeypatch.setattr("bakeoff.plan.make.PATIENCE_S", 9.0)
    made = {c.name: c.dropped for c in plan().contenders}
    assert "--contenders names it" in made["text-cnn"]
    assert made["ngram-linear"] is None
    asked = {c.name: c.dropped for c in plan(time="10m").contenders}
    assert asked["text-cnn"] is None


@dataclass(frozen=True)
class Paid(Contender):
    """Stands for a prompted language model."""

    card: ClassVar[Card] = Card(
        name="llm",
        family="paid",
        summary="is paid for",
        kinds=frozenset({"classification"}),
        learns=False,
        metered=True,
    )

    def argument(self):
        return "m@http://localhost/v1"

    def fit(self, train, valid, context):
        raise AssertionError("a plan asks nothing")

    load = fit


def test_a_plan_says_how_many_rows_are_asked_and_what_may_be_spent(plan):
    usual = plan(given=(Paid(),))
    assert (usual.ask_rows, usual.max_cost, usual.max_calls) == (500, None, None)
    assert [c.name for c in usual.contenders if c.metered] == ["llm:m@http://localhost/v1"]
    assert usual.reference == "llm:m@http://localhost/v1"
    asked = plan(given=(Paid(),), ask_all=True, max_cost=2.5, max_calls=99, llm_price="1/2")
    assert (asked.ask_rows, asked.max_cost, asked.max_calls) == (None, 2.5, 99)
    assert asked.prices.per_million == {"llm": (1.0, 2.0)}


def test_the_power_is_of_the_rows_that_will_be_asked(plan, tmp_path):
    lines = [f"{'good' if i % 2 else 'bad'} thing number {i},{i % 2}" for i in range(1_500)]
    path = tmp_path / "many.csv"
    path.write_text("\n".join(["text,label", *lines]))
    few, everything = (plan(source=path, given=(Paid(),), ask_all=all_) for all_ in (False, True))
    assert few.detectable > everything.detectable


def test_a_limit_in_dollars_is_refused_where_the_price_is_not_known(plan):
    with pytest.raises(
        UsageError, match="the price of llm:m@http://localhost/v1 is not known"
    ) as e:
        plan(given=(Paid(),), max_cost=1.0)
    assert (e.value.where, e.value.exit_code) == ("--max-cost", 2)
    assert "--llm-price" in e.value.fix
    assert plan(max_cost=1.0).max_cost == 1.0
