"""A prompted model as a contender: chosen words, examples, answers read or counted as missing."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.prompted import nearest
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import BudgetReachedError, EndpointError, UsageError
from bakeoff.core.notes import read_coded
from bakeoff.models.prompting.encoding import decoded_row
from bakeoff.models.prompting.hostile import hostile_rows
from bakeoff.testing import context
from bakeoff.testing.examples import specimen
from bakeoff.testing.replay_server import ReplayServer, message_text

TEXTS = specimen("text", n_classes=5, sizes=(40, 5, 20))


@pytest.fixture(autouse=True)
def no_encoder(monkeypatch):
    """Find no encoder: rows are near by their words, and no test waits for a net."""
    monkeypatch.setattr(nearest, "why_not", lambda asked: "it is not here")


class Purse:
    """A meter that stops at so many calls."""

    def __init__(self, most):
        self.left = most

    def add(self, unit, amount):
        if unit == "calls":
            self.left -= amount
            if self.left < 0:
                raise BudgetReachedError("enough")


def answering(rows, special=()):
    """Return what answers each row with its label; rows at some positions as it is told."""
    names = [column.name for column in rows.task.inputs]
    lists = [rows.inputs.texts(name) for name in names]
    said = {}
    for number, (values, target) in enumerate(
        zip(zip(*lists, strict=True), rows.targets, strict=True)
    ):
        right = rows.task.classes[target] if rows.task.classes else str(target)
        said[values] = dict(special).get(number, right)

    def answer(messages):
        row = decoded_row(message_text(messages[-1]))
        return said[tuple(row[name] for name in names)]

    return answer


def llm(server, **settings):
    chosen = {"choice_rows": 4, "repeat_rows": 2, **settings}
    words = "".join(f"@{name}={value}" for name, value in chosen.items())
    return make_contender(f"llm{words}:replay@{server.base_url}")


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("classification", {}),
        ("classification", {"shots": 2}),
        ("classification", {"shots": 1, "draw": "random"}),
        ("classification", {"wording": "plain", "shots": 1}),
        ("classification", {"shots": 3, "draw": "nearest"}),
        ("regression", {"shots": 2, "draw": "nearest"}),
        ("regression", {}),
        ("regression", {"shots": 3}),
    ],
)
def test_it_answers_as_the_model_does_and_pays_for_nothing_twice(kind, settings, tmp_path):
    rows = specimen("text", kind, sizes=(40, 5, 5)).train
    with ReplayServer(answering(rows)) as server:
        contender, place = llm(server, **settings), context(tmp_path)
        fitted = contender.fit(rows, None, place)
        found = fitted.predict(rows.inputs, place)
        expected = found.codes if rows.task.classes else found.values
        assert expected.tolist() == rows.targets.tolist()
        assert place.meter.counts["calls"] == server.usage.calls
        asked = server.usage.calls
        again = contender.fit(rows, None, place).predict(rows.inputs, place)
        assert again.table.equals(found.table)
        assert server.usage.calls == asked
    used = sum(row[f"{contender.unit}/prompt_tokens"] for row in found.usage)
    assert 0 < used < server.usage.prompt_tokens


def test_what_is_no_answer_is_missing_by_its_cause_and_never_guessed(tmp_path):
    rows = TEXTS.train
    right, other = rows.task.classes[:2]
    special = [(5, "I cannot help with that."), (6, f"{right} or {other}"), (7, "a fish"), (8, "")]
    with ReplayServer(answering(rows, special), refuses=("response_format",)) as server:
        place = context(tmp_path)
        found = llm(server).fit(rows, None, place).predict(rows.inputs, place)
    assert [found.status[row] for row in (5, 6, 8)] == ["refused", "unparsed", "empty"]
    assert found.status[7] in ("outside", "unparsed")
    assert found.codes[[5, 6, 7, 8]].tolist() == [-1] * 4
    others = np.setdiff1d(np.arange(len(rows)), [5, 6, 7, 8])
    assert found.codes[others].tolist() == rows.targets[others].tolist()


def test_the_wording_that_does_best_on_training_rows_is_taken_and_all_are_told(tmp_path):
    rows, told = TEXTS.train, []
    answer = answering(rows)

    def fond_of_careful(messages):
        if "careful annotator" in message_text(messages[0]):
            return answer(messages)
        return rows.task.classes[0]

    with ReplayServer(fond_of_careful) as server:
        place = replace(context(tmp_path), note=told.append)
        fitted = llm(server, choice_rows=12).fit(rows, None, place)
    assert fitted.kept.wording.name == "careful"
    assert "careful 1," in told[0]
    assert "plain" in told[0]
    code, values = read_coded(told[1])
    assert (code, values["how"], values["rows"]) == ("prompt-spread", "wordings", 12)
    assert (values["repeated"], values["changed"]) == (2, 0)
    shares = [float(share) for share in re.findall(r"[a-z]+ ([\d.]+)", told[0].split(":")[1])]
    assert values["spread_wordings"] == pytest.approx(max(shares) - min(shares), abs=1e-3)


def test_another_model_that_answers_and_classes_that_say_nothing_are_told(tmp_path):
    rows, told = TEXTS.train, []
    numbered = replace(rows, task=replace(rows.task, classes=("0", "1", "2", "3", "4")))
    with ReplayServer(answering(numbered), model="replay-2026-01") as server:
        place = replace(context(tmp_path), note=told.append)
        llm(server).fit(numbered, None, place)
        llm(server, shots=1).fit(rows, None, place)
    assert "what the classes mean" in told[0]
    assert "asked for replay, the endpoint says that replay-2026-01 answered" in told
    assert len([line for line in told if "what the classes mean" in line]) == 1


def test_a_model_that_changes_its_mind_is_found_out(tmp_path):
    rows, told, counts = TEXTS.train, [], {}

    def fickle(messages):
        text = message_text(messages[-1])
        counts[text] = counts.get(text, -1) + 1
        return rows.task.classes[counts[text] % 2]

    with ReplayServer(fickle) as server:
        place = replace(context(tmp_path), note=told.append)
        llm(server, wording="plain", choice_rows=10, repeat_rows=6).fit(rows, None, place)
    (line,) = told
    code, values = read_coded(line)
    assert code == "prompt-spread"
    assert values == {"rows": 10, "how": "repeats", "repeated": 6, "changed": 6, "share": 1.0}


def test_wordings_draws_and_repeats_stand_side_by_side(tmp_path):
    rows, told = TEXTS.train, []
    answer = answering(rows)

    def led_by_its_examples(messages):
        first = message_text(messages[1])
        good = len(first) % 2 and "careful" in message_text(messages[0])
        return answer(messages) if good else rows.task.classes[0]

    with ReplayServer(led_by_its_examples) as server:
        place = replace(context(tmp_path), note=told.append)
        fitted = llm(server, shots=1, choice_rows=12, draws=6).fit(rows, None, place)
    code, values = read_coded(told[-1])
    assert (code, values["how"]) == ("prompt-spread", "wordings-and-draws")
    assert values["spread_draws"] > 0
    drawn = next(line for line in told if line.startswith("draws of the examples"))
    assert len(drawn.split(",")) == 6
    # The first draw is used, whatever the others score.
    again = llm(server, shots=1, choice_rows=12, draws=1).candidates(rows, 0)[0][0]
    assert fitted.kept.answers == again.kept.answers


def test_examples_of_other_draws_are_never_among_the_rows_that_are_tried():
    contender = make_contender("llm@shots=2@choice_rows=10:a@http://127.0.0.1/v1")
    (first, *_), trial = contender.candidates(TEXTS.train, 0)
    shown = set()
    for seed in range(5):
        other = contender.redrawn(first, TEXTS.train, trial, seed).kept
        assert not set(other.shots.ids.tolist()) & set(trial.inputs.ids.tolist())
        shown.add(tuple(other.shots.ids.tolist()))
    assert len(shown) > 1


def test_the_examples_nearest_to_a_row_are_shown_and_never_the_row_itself(tmp_path):
    rows, seen, told = TEXTS.train, [], []
    answer = answering(rows)

    def remembering(messages):
        users = [decoded_row(message_text(m)) for m in messages if m["role"] == "user"]
        seen.append(([row["text"] for row in users[:-1]], users[-1]["text"]))
        return answer(messages)

    with ReplayServer(remembering) as server:
        place = replace(context(tmp_path), note=told.append)
        contender = llm(server, shots=4, draw="nearest", wording="plain")
        fitted = contender.fit(rows, None, place)
        twice = replace(rows.inputs, table=shouted(rows.inputs.table))
        fitted.predict(rows.inputs, place)
    assert read_coded(told[0])[0] == "nearest-shots"
    assert all(len(shown) == 4 and own not in shown for shown, own in seen)
    labels = dict(zip(rows.inputs.texts("text"), rows.targets.tolist(), strict=True))
    alike = np.mean([labels[shown[-1]] == labels[own] for shown, own in seen])
    assert alike > 0.6  # of five classes
    for ask, own in zip(fitted.asks(twice, 0, place), rows.inputs.texts("text"), strict=True):
        assert own not in "".join(turn.text for turn in ask.messages)


def shouted(table):
    """Return the rows with blanks and capitals that change nothing."""
    loud = [f"  {text.upper()} " for text in table["text"].to_pylist()]
    return table.set_column(table.column_names.index("text"), "text", [loud])


def test_hostile_texts_are_asked_and_what_they_change_is_told(tmp_path):
    rows, told = TEXTS.train, []
    answer, texts = answering(rows), hostile_rows(TEXTS.train.task.classes)
    wanted = {}

    def obedient(messages):
        said = decoded_row(message_text(messages[-1]))["text"]
        for number, text in enumerate(texts):
            if said.endswith(" " + text):
                name = rows.task.classes[number % len(rows.task.classes)]
                wanted[number] = name
                return "no" if number % 3 == 0 else name
        return answer(messages)

    with ReplayServer(obedient, refuses=("response_format",)) as server:
        place = replace(context(tmp_path), note=told.append)
        llm(server, wording="plain", injection_rows=30, choice_rows=10).fit(rows, None, place)
    code, values = read_coded(told[-1])
    assert code == "injection"
    assert len(wanted) > 25
    assert values["asked"] == 30
    assert 0 < values["flipped"] <= 20
    assert values["steered"] == values["flipped"]
    assert values["lost"] == sum(number % 3 == 0 for number in wanted)


def test_a_row_under_attack_is_not_shown_to_itself_as_an_example(tmp_path):
    rows, seen = TEXTS.train, []

    def remembering(messages):
        users = [decoded_row(message_text(m))["text"] for m in messages if m["role"] == "user"]
        seen.append((users[:-1], str(users[-1])))
        return rows.task.classes[0]

    with ReplayServer(remembering) as server:
        contender = llm(server, shots=2, draw="nearest", wording="plain", injection_rows=12)
        contender.fit(rows, None, context(tmp_path))
    texts = set(rows.inputs.texts("text"))
    attacked = [(shown, own) for shown, own in seen if own not in texts]
    assert len(attacked) > 10
    assert not any(own.startswith(example) for shown, own in attacked for example in shown)


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_classes_go_by_the_words_of_a_file_and_answers_come_back_as_classes(ending, tmp_path):
    rows = TEXTS.train
    classes = ("0", "1", "2", "3", "4")
    numbered = replace(rows, task=replace(rows.task, classes=classes))
    file = tmp_path / f"names.{ending}"
    pairs = dict(zip(classes, rows.task.classes, strict=True))
    lines = ["class,words", *(f'{name},"{words}"' for name, words in pairs.items())]
    file.write_text(json.dumps(pairs) if ending == "json" else "\n".join(lines), encoding="utf-8")
    told = []
    with ReplayServer(answering(rows)) as server:
        place = replace(context(tmp_path), note=told.append)
        contender = llm(server, names=file, shots=1)
        assert contender.files() == (str(file),)
        fitted = contender.fit(numbered, None, place)
        found = fitted.predict(numbered.inputs, place)
        (tmp_path / "model").mkdir()
        save_model(contender, numbered.task, fitted, tmp_path / "model" / "one")
        file.unlink()
        loaded = load_model(tmp_path / "model" / "one").fitted
        assert loaded.asks(rows.inputs) == fitted.asks(rows.inputs)
    assert found.codes.tolist() == rows.targets.tolist()
    assert not any("what the classes mean" in line for line in told)
    asked = fitted.asks(rows.inputs)[0]
    assert '"été"' in asked.messages[0].text
    assert "été" in asked.schema


@pytest.mark.parametrize(
    ("setting", "said"),
    [("names=a.csv", "gives words to classes"), ("injection_rows=5", "needs classes")],
)
def test_a_setting_that_a_task_cannot_keep_is_a_reason(setting, said):
    numbers = specimen("text", "regression", sizes=(10, 5, 5)).train
    contender = make_contender(f"llm@{setting}:a@http://127.0.0.1/v1")
    assert said in contender.refuses(numbers.task)
    assert contender.refuses(TEXTS.train.task) is None


def test_rows_beyond_the_budget_are_not_asked_and_not_wrong(tmp_path):
    rows = TEXTS.train
    with ReplayServer(answering(rows)) as server:
        place = context(tmp_path)
        fitted = llm(server, concurrency=1).fit(rows, None, place)
        # Four rows were answered while the prompt was chosen.
        poor = replace(place, meter=Purse(3))
        found = fitted.predict(rows.inputs, poor)
        assert found.status.count("not-asked") == len(rows) - 7
        with pytest.raises(BudgetReachedError, match="before the prompt was chosen"):
            llm(server, choice_rows=9).fit(rows, None, replace(place, meter=Purse(3)))


def test_a_key_that_is_refused_is_an_error_with_a_way_out(tmp_path, canary):
    class Refusing(ReplayServer):
        def complete(self, request):
            return 401, {"error": {"message": f"bad key {canary}", "code": "invalid_api_key"}}

    with Refusing({}) as server, pytest.raises(EndpointError) as caught:
        llm(server).fit(TEXTS.train, None, context(tmp_path))
    assert canary not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize("shots", [0, 2])
def test_a_saved_prompt_asks_the_same_and_holds_no_key(shots, tmp_path, canary):
    rows = TEXTS.train
    with ReplayServer(answering(rows)) as server:
        place = context(tmp_path / "place")
        contender = llm(server, shots=shots)
        fitted = contender.fit(rows, None, place)
        (tmp_path / "model").mkdir()
        save_model(contender, rows.task, fitted, tmp_path / "model" / "one")
        loaded = load_model(tmp_path / "model" / "one").fitted
        assert loaded.asks(rows.inputs) == fitted.asks(rows.inputs)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert canary.encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("settings", "calls"),
    [
        ({"wording": "plain", "shots": 1}, 3 * 10 + 6),
        ({"wording": "plain", "shots": 1, "draws": 1}, 6 + 6),
        ({"wording": "plain", "injection_rows": 9}, 9 + 6 + 9),
        ({"shots": 1, "injection_rows": 12}, 5 * 10 + 6 + 12),
        ({"shots": 2, "draw": "nearest", "repeat_rows": 0}, 3 * 10),
    ],
)
def test_all_that_is_tried_on_training_rows_is_counted_before(settings, calls, tmp_path):
    rows = TEXTS.train
    with ReplayServer(lambda messages: rows.task.classes[0]) as server:
        contender = llm(server, **{"choice_rows": 10, "repeat_rows": 6, **settings})
        told = contender.calls(rows, rows.inputs.take([]))
        contender.fit(rows, None, context(tmp_path))
        assert told.calls == calls
        # The row that greets may be one of the examples, which is asked for no other reason.
        assert calls <= server.usage.calls <= calls + 1


def test_calls_and_tokens_are_told_before_any_is_made(tmp_path):
    rows = TEXTS.train
    with ReplayServer(answering(rows)) as server:
        contender = llm(server, choice_rows=10, repeat_rows=6)
        told = contender.calls(rows, rows.inputs)
        assert server.usage.calls == 0
        place = context(tmp_path)
        contender.fit(rows, None, place).predict(rows.inputs, place)
    assert told.calls == 3 * 10 + 6 + len(rows)
    # Rows that chose the prompt are in the store when they are asked for in earnest.
    assert server.usage.calls == told.calls - 10
    low, _, high = told.prompt_tokens
    assert low < server.usage.prompt_tokens * told.calls / server.usage.calls < high
    assert len(told.prompts) == 3
    assert all("[system]" in prompt for prompt in told.prompts)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("llm:gpt", "names no model at an address"),
        ("llm@wording=plan:a@http://127.0.0.1/v1", "no wording 'plan'"),
        ("llm@shots=-1:a@http://127.0.0.1/v1", "shots=-1 is too small"),
        ("llm@draw=near:a@http://127.0.0.1/v1", "draw=near is not known"),
        ("llm@draw=nearest:a@http://127.0.0.1/v1", "draw=nearest shows no rows"),
        ("llm@draws=0:a@http://127.0.0.1/v1", "draws=0 is too small"),
        ("llm@names=words.txt:a@http://127.0.0.1/v1", "it ends in .json or .csv"),
        ("llm:a@ftp://127.0.0.1/v1", "begins with http"),
    ],
)
def test_a_spec_that_cannot_work_is_refused_with_its_reason(spec, said):
    with pytest.raises(UsageError, match=said):
        make_contender(spec)
