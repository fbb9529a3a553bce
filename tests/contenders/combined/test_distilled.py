"""Distillation: who is asked of what, what becomes of the answers, and what is kept."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.contenders.combined.distilled import Distilled
from bakeoff.contenders.registry import CONTENDERS, make_contender
from bakeoff.core.errors import ContenderError, UsageError
from bakeoff.tasks.predictions import Predictions
from bakeoff.testing import parametrize_checks, specimen
from bakeoff.testing.replay_server import ReplayServer

TAUGHT = []
"""What the last students were given: (train, valid)."""


@dataclass(frozen=True)
class Pupil(Contender):
    """Keeps what it is taught in `TAUGHT`, and says class 0 or number 0."""

    card: ClassVar[Card] = Card(
        name="pupil",
        family="test",
        summary="Learns by heart",
        kinds=frozenset({"classification", "regression"}),
        abilities=frozenset({"soft_targets"}),
    )

    def fit(self, train, valid, context):
        TAUGHT.append((train, valid))
        return FittedPupil(bool(train.task.classes))

    def load(self, folder, task):
        return FittedPupil(bool(task.classes))


@dataclass(frozen=True)
class HardPupil(Pupil):
    card: ClassVar[Card] = replace(Pupil.card, name="hard-pupil", abilities=frozenset())


@dataclass(frozen=True)
class FittedPupil(Fitted):
    classes: bool

    def predict(self, inputs, context):
        if self.classes:
            return Predictions.of_labels(inputs.ids, np.zeros(len(inputs), dtype=np.int32))
        return Predictions.of_numbers(inputs.ids, np.zeros(len(inputs)))

    def save(self, folder):
        (folder / "pupil.txt").write_text("0")


@pytest.fixture(autouse=True)
def pupils(monkeypatch):
    TAUGHT.clear()
    for contender in (Pupil, HardPupil):
        monkeypatch.setitem(CONTENDERS._loaded, contender.card.name, contender)


@pytest.fixture
def lesson(context):
    def fit(spec, train, valid=None, unlabelled=None):
        contender = make_contender(spec)
        fitted = contender.fit(train, valid, replace(context, unlabelled=unlabelled))
        return fitted, *TAUGHT[-1]

    return fit


def soft(*chances):
    return np.column_stack([1 - np.array(chances), chances])


def test_a_soft_target_is_the_mean_of_teacher_and_truth(lesson, rows):
    train = rows([0, 1, 0, 1], x=[0.2, 0.6, 0.9, 0.3])
    _, taught, _ = lesson("distilled@weight=0.5:script>pupil", train)
    np.testing.assert_allclose(taught.soft, soft(0.1, 0.8, 0.45, 0.65))
    assert taught.targets.tolist() == [0, 1, 0, 1]
    assert (taught.inputs.ids == train.inputs.ids).all()


def test_the_teacher_alone_overrules_the_truth(lesson, rows):
    train = rows([0, 1, 0, 1], x=[0.2, 0.6, 0.9, 0.3])
    _, taught, _ = lesson("distilled@weight=1.0:script>hard-pupil", train)
    assert taught.soft is None
    assert taught.targets.tolist() == [0, 1, 1, 0]


def test_of_two_labels_that_weigh_the_same_the_true_one_is_taken(lesson, rows):
    train = rows([0, 1, 0], x=[0.9, 0.8, 0.7])
    _, taught, _ = lesson("distilled@labels=hard:script>pupil", train)
    assert taught.soft is None
    assert taught.targets.tolist() == [0, 1, 0]


def test_numbers_are_mixed_as_numbers(lesson, rows):
    train = rows([0.0, 1.0, 2.0], kind="regression", x=[1.0, 2.0, 3.0])
    _, taught, _ = lesson("distilled@weight=0.25:script>pupil", train)
    np.testing.assert_allclose(taught.targets, [0.25, 1.25, 2.25])


def test_a_teacher_that_learns_is_heard_on_rows_that_it_has_not_seen(lesson, rows):
    # The memory knows every row that it was fitted on, and says 0 of all others.
    train = rows([1] * 6, x=np.linspace(0, 1, 6).tolist())
    _, taught, _ = lesson("distilled@weight=1.0:memory>pupil", train)
    assert taught.targets.tolist() == [0] * 6


def test_where_an_answer_is_missing_the_true_label_stands_alone(lesson, rows):
    train = rows([0, 1, 1], x=[0.0, 0.5, 1.0], gpt=["yes", None, "no"])
    _, taught, _ = lesson("distilled:answers:gpt>pupil", train)
    np.testing.assert_allclose(taught.soft[:, 1], [0.5, 1.0, 0.5])


def test_without_the_true_labels_such_a_row_is_left_out(lesson, rows):
    train = rows([0, 1, 1], x=[0.0, 0.5, 1.0], gpt=["yes", None, "no"])
    valid = rows([0, 0], x=[0.1, 0.2], gpt=["yes", None])
    _, taught, held_out = lesson("distilled@weight=1.0:answers:gpt>pupil", train, valid)
    assert taught.inputs.ids.tolist() == [1000, 1002]
    assert taught.targets.tolist() == [1, 0]
    assert held_out.targets.tolist() == [1]


def test_a_teacher_that_says_nothing_is_an_error(lesson, rows):
    train = rows([0, 1], x=[0.0, 0.5], gpt=[None, "maybe"])
    with pytest.raises(ContenderError, match="says nothing of any of 2 rows"):
        lesson("distilled:answers:gpt>pupil", train)


def test_rows_without_a_label_are_taught_by_the_teacher_alone(lesson, rows):
    train = rows([0, 1], x=[0.0, 0.5], gpt=["no", "yes"])
    more = rows([0, 0, 0], x=[0.6, 0.7, 0.8], gpt=["yes", None, "no"]).inputs
    more = replace(more, ids=more.ids + 500)
    _, taught, _ = lesson("distilled:answers:gpt>pupil", train, unlabelled=more)
    assert taught.inputs.ids.tolist() == [1000, 1001, 1500, 1502]
    assert taught.targets.tolist() == [0, 1, 1, 0]


def test_so_many_rows_are_asked_and_any_two_folds_agree_on_them(lesson, rows):
    numbers = np.linspace(0, 1, 20).tolist()
    train = rows([0, 1] * 10, x=numbers, gpt=["no"] * 20)
    asked = []
    for part in (train, train.take(np.arange(2, 20)), train.take(np.arange(0, 18))):
        _, taught, _ = lesson("distilled@weight=1.0@rows=6:answers:gpt>pupil", part)
        asked.append(set(taught.inputs.ids.tolist()))
    assert [len(ids) for ids in asked] == [6, 6, 6]
    assert len(set.union(*asked)) <= 6 + 4


def test_the_student_alone_is_kept_and_needs_no_answers(lesson, rows, context, tmp_path):
    train = rows([0, 1], x=[0.0, 0.5], gpt=["no", "yes"])
    contender = make_contender("distilled:answers:gpt>pupil")
    assert contender.columns() == ("gpt",)
    assert contender.predict_columns() == ()
    fitted, _, _ = lesson(contender.name, train)
    fitted.save(tmp_path)
    read = contender.load(tmp_path, train.task)
    assert read.predict(train.inputs.select(["x"]), context).codes.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("distilled:script", "two parts"),
        ("distilled@weight=0:script>pupil", "above 0"),
        ("distilled@labels=warm:script>pupil", "soft"),
        ("distilled@rows=0:script>pupil", "1 or more"),
        ("distilled:script>answers:gpt", "does not learn"),
    ],
)
def test_a_slip_is_refused_with_what_is_allowed(spec, message):
    with pytest.raises(UsageError, match=message):
        make_contender(spec)


def test_a_paid_teacher_needs_a_number_of_rows(rows):
    task = rows([0, 1], x=[0.0, 0.5]).task
    teacher = make_contender("llm@wording=plain:gpt@http://localhost:1/v1")
    pupil = Pupil()
    assert "say on how many rows" in (Distilled(teacher, pupil).refuses(task) or "")
    assert "say on how many" not in (Distilled(teacher, pupil, rows=9).refuses(task) or "")


@parametrize_checks("distilled:bm25-knn>ngram-linear", "distilled:answers:gpt>ngram-linear")
def test_contract(check):
    check()


def test_folds_share_the_answers_that_were_paid_for(context, monkeypatch):
    monkeypatch.setenv("BAKEOFF_LLM_KEY", "no secret")
    train = specimen("text", n_classes=2, sizes=(60, 2, 2)).train
    with ReplayServer(lambda messages: "yes") as server:
        teacher = f"llm@wording=plain@repeat_rows=0:replay@{server.base_url}"
        contender = make_contender(f"distilled@weight=1.0@rows=30:{teacher}>pupil")
        for fold in range(3):
            contender.fit(train.take(np.flatnonzero(np.arange(60) % 3 != fold)), None, context)
            assert len(TAUGHT[-1][0]) == 30
        # 30 of 40 rows in each of three fits; one greeting each.
        asked = server.usage.calls
        contender.fit(train.take(np.flatnonzero(np.arange(60) % 3)), None, context)
    assert asked <= 60
    assert server.usage.calls == asked
