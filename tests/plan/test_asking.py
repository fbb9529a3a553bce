"""A prompted model in a whole comparison: planned, asked, judged, never paid for twice."""

import os

import numpy as np
import pandas as pd
import pytest

import bakeoff
from bakeoff.core.errors import PlanError, UsageError
from bakeoff.models.prompting.encoding import decoded_row
from bakeoff.models.prompting.wording import load_wording
from bakeoff.plan.make import make_plan
from bakeoff.plan.options import make_options
from bakeoff.testing.replay_server import ReplayServer, message_text

pytest.importorskip("httpx")
pytest.importorskip("tenacity")

PLAIN = ("ngram-linear",)
WORDS = {"late": ("parcel", "courier", "delay"), "broken": ("crack", "leak", "split")}


@pytest.fixture
def table():
    rng = np.random.default_rng(0)
    rows = []
    for number in range(240):
        label = ("late", "broken")[number % 2]
        noise = ["the", "my", "order", "again", str(number)]
        words = [str(rng.choice(WORDS[label])), *rng.permutation(noise).tolist()]
        rows.append({"text": " ".join(words), "label": label})
    return pd.DataFrame(rows)


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("BAKEOFF_CACHE", str(tmp_path / "cache"))


def knowing(table):
    truth = dict(zip(table["text"], table["label"], strict=True))
    return lambda messages: truth[decoded_row(message_text(messages[-1]))["text"]]


def run(table, server, folder, **options):
    settings = {"target": "label", "preset": "quick", "seed": 0, "workers": 1, **options}
    contenders = [*PLAIN, f"llm@choice_rows=10@repeat_rows=5:replay@{server.base_url}"]
    return bakeoff.compare(table, contenders=contenders, out=folder, **settings)


def test_it_is_compared_priced_and_asked_for_nothing_twice(table, tmp_path):
    with ReplayServer(knowing(table)) as server:
        result = run(table, server, tmp_path / "one", llm_price="2/8")
        asked = server.usage.calls
        # Another run folder: everything is asked for again, and everything is in the store.
        run(table, server, tmp_path / "two", llm_price="2/8")
        assert server.usage.calls == asked
    (row,) = [r for r in result.analysis.rows if r.name.startswith("llm")]
    assert row.state == "done"
    assert row.score.value == 1.0
    assert row.money.per_1000 > 0
    assert result.plan.reference == row.name
    calls = next(c.calls for c in result.plan.contenders if c.metered)
    assert asked <= calls.calls
    assert calls.cost[0] < calls.cost[1] < calls.cost[2]
    page = (tmp_path / "page.html").resolve()
    result.report(page)
    assert page.stat().st_size > 0


def test_a_server_that_quotes_the_key_puts_it_on_no_page(table, tmp_path):
    class Telltale(ReplayServer):
        def complete(self, request):
            key = os.environ["BAKEOFF_LLM_KEY"]
            return 401, {"error": {"message": f"Incorrect API key provided: {key}"}}

    with Telltale({}) as server:
        result = run(table, server, tmp_path / "one")
    (row,) = [r for r in result.analysis.rows if r.name.startswith("llm")]
    assert row.state == "failed"
    assert "[key]" in row.reason
    result.report(tmp_path / "page.html")
    assert "[key]" in (tmp_path / "page.html").read_text()


def test_at_a_limit_of_calls_the_verdict_stands_on_the_rows_that_were_asked(table, tmp_path):
    with ReplayServer(knowing(table)) as server:
        result = run(table, server, tmp_path / "one", max_calls=95)
        assert server.usage.calls <= 95
    (row,) = [r for r in result.analysis.rows if r.name.startswith("llm")]
    assert row.state == "done"
    assert 0 < row.score.n < 95
    assert row.score.value == 1.0


def test_an_endpoint_that_is_not_there_is_a_row_with_its_reason(table, tmp_path):
    with ReplayServer(knowing(table)) as server:
        gone = server.base_url
    result = bakeoff.compare(
        table, target="label", preset="quick", workers=1, out=tmp_path / "one",
        contenders=[*PLAIN, f"llm@deadline_s=0.5:replay@{gone}"],
    )  # fmt: skip
    (row,) = [r for r in result.analysis.rows if r.name.startswith("llm")]
    assert row.state == "failed"
    assert "refused" in row.reason or "connect" in row.reason
    assert [r.state for r in result.analysis.rows if r.name == "ngram-linear"] == ["done"]


def test_a_limit_in_dollars_needs_a_price(table):
    options = {"target": "label", "contenders": ("llm:m@http://127.0.0.1:9/v1",), "max_cost": 1.0}
    with pytest.raises(UsageError, match="price of llm:m@http"):
        make_plan(table, make_options(options, None))


def test_the_words_of_the_users_own_file_are_part_of_the_question(table, tmp_path):
    file = tmp_path / "mine.jinja"
    file.write_text(load_wording("plain").source)
    spec = f"llm@wording={file}:m@http://127.0.0.1:9/v1"
    options = make_options({"target": "label", "contenders": (*PLAIN, spec)}, None)
    first = make_plan(table, options).plan
    file.write_text(file.read_text().replace("Choose the class", "Say the class"))
    second = make_plan(table, options).plan
    assert first.question != second.question
    prompts = next(c.calls.prompts for c in second.contenders if c.metered)
    assert "Say the class" in prompts[0]


def test_it_is_no_part_of_a_part(table):
    contender = "vote:ngram-linear+(stack:majority+llm:m@http://127.0.0.1:9/v1)"
    options = make_options({"target": "label", "contenders": (contender,)}, None)
    with pytest.raises(PlanError, match="cannot be a part of a part"):
        make_plan(table, options)


def test_beside_the_default_table_it_runs_alone_and_together_with_small_models(table):
    options = make_options({"target": "label", "llm": "m@http://127.0.0.1:9/v1"}, None)
    plan = make_plan(table, options).plan
    llm = "llm:m@http://127.0.0.1:9/v1"
    assert plan.reference == llm
    together = [c.name.partition(":")[0] for c in plan.contenders if c.asks == (llm,)]
    assert {"cascade", "stack"} <= set(together)


def test_what_it_is_a_part_of_uses_its_answers_and_asks_nothing(table, tmp_path):
    with ReplayServer(knowing(table)) as server:
        llm = f"llm@choice_rows=10@repeat_rows=5:replay@{server.base_url}"
        together = [f"cascade:ngram-linear>{llm}", f"stack:majority+{llm}"]
        settings = {"target": "label", "preset": "quick", "workers": 1, "llm_price": "2/8"}
        result = bakeoff.compare(table, contenders=together, out=tmp_path / "one", **settings)
        asked = server.usage.calls
        model = result.best()
        assert server.usage.calls == asked
        planned = next(c.calls for c in result.plan.contenders if c.metered)
        assert asked <= planned.calls
        # What is kept is the real thing: it asks about rows that are new.
        model.predict(pd.DataFrame({"text": [table["text"][0] + " so"]}))
    rows = {r.name.partition(":")[0].partition("@")[0]: r for r in result.analysis.rows}
    assert {rows[name].state for name in ("cascade", "stack", "llm")} == {"done"}
    assert rows["cascade"].score.n == rows["llm"].score.n
    assert 0 < rows["cascade"].money.per_1000 < rows["llm"].money.per_1000
    assert rows["stack"].money.per_1000 >= rows["llm"].money.per_1000


def test_without_its_answers_what_it_is_a_part_of_is_a_row_with_its_reason(table, tmp_path):
    with ReplayServer(knowing(table)) as server:
        gone = server.base_url
    result = bakeoff.compare(
        table, target="label", preset="quick", workers=1, out=tmp_path / "one",
        contenders=["ngram-linear", f"cascade:ngram-linear>llm@deadline_s=0.5:replay@{gone}"],
    )  # fmt: skip
    rows = {r.name.partition(":")[0]: r for r in result.analysis.rows}
    assert rows["cascade"].state == "failed"
    assert "has given no answers" in rows["cascade"].reason
    assert rows["ngram-linear"].state == "done"


def mostly(table, right):
    """Return an answerer that is right on a fixed share of the rows."""
    rng = np.random.default_rng(1)
    other = {"late": "broken", "broken": "late"}
    truth = {
        row.text: row.label if rng.random() < right else other[row.label]
        for row in table.itertuples()
    }
    return lambda messages: truth[decoded_row(message_text(messages[-1]))["text"]]


@pytest.fixture
def hard(table):
    """The same rows with a third of the labels exchanged, as a trained model sees them."""
    rng = np.random.default_rng(2)
    changed = table.copy()
    words = [str(rng.choice(WORDS[str(rng.choice(["late", "broken"]))])) for _ in range(len(table))]
    changed["text"] = [f"{word} {number}" for number, word in enumerate(words)]
    return changed


def test_it_is_asked_no_further_once_it_is_shown_to_be_better(hard, tmp_path):
    with ReplayServer(knowing(hard)) as server:
        result = run(hard, server, tmp_path / "one", llm_price="2/8")
        asked = server.usage.calls
        again = run(hard, server, tmp_path / "one", llm_price="2/8")
        assert server.usage.calls == asked
    (row,) = [r for r in result.analysis.rows if r.name.startswith("llm")]
    assert row.state == "stopped"
    assert "shown to be better than 'ngram-linear'" in row.reason
    assert result.verdict.choice == row.name
    assert result.verdict.word == "better"
    difference = result.verdict.comparison.difference
    assert 0 < difference.low < difference.value < difference.high
    (said,) = [t for t in result.analysis.threats if t.code == "stopped-early"]
    assert said.values["saved"] > 0
    assert said.values["asked"] + said.values["saved"] == said.values["planned"]
    assert "holds at any stop" in result.report(tmp_path / "page.html").read_text()
    assert again.analysis.verdict == result.analysis.verdict


def test_one_that_is_shown_to_be_worse_stops_what_waits_for_it_too(table, tmp_path):
    with ReplayServer(mostly(table, 0.5)) as server:
        llm = f"llm@choice_rows=10@repeat_rows=5:replay@{server.base_url}"
        result = bakeoff.compare(
            table, contenders=["ngram-linear", f"cascade:ngram-linear>{llm}"], target="label",
            preset="quick", workers=1, out=tmp_path / "one",
        )  # fmt: skip
    rows = {r.name.partition(":")[0].partition("@")[0]: r for r in result.analysis.rows}
    assert (rows["llm"].state, rows["cascade"].state) == ("stopped", "stopped")
    assert result.verdict.choice == "ngram-linear"
    assert rows["llm"].score.n < 130


def test_one_that_is_better_is_asked_on_where_a_cascade_needs_its_answers(hard, tmp_path):
    with ReplayServer(knowing(hard)) as server:
        llm = f"llm@choice_rows=10@repeat_rows=5:replay@{server.base_url}"
        result = bakeoff.compare(
            hard, contenders=["ngram-linear", f"cascade:ngram-linear>{llm}"], target="label",
            preset="quick", workers=1, out=tmp_path / "one",
        )  # fmt: skip
    assert {r.state for r in result.analysis.rows} == {"done"}


def test_who_asks_all_is_not_stopped(hard, tmp_path):
    with ReplayServer(knowing(hard)) as server:
        result = run(hard, server, tmp_path / "one", ask_all=True)
    (row,) = [r for r in result.analysis.rows if r.name.startswith("llm")]
    assert row.state == "done"


def test_its_title_says_what_it_is_and_not_how_patiently_it_is_asked(table):
    spec = "llm@concurrency=2@repeat_rows=0@shots=2:m@http://127.0.0.1:9/v1"
    plan = make_plan(table, make_options({"target": "label", "contenders": (spec,)}, None)).plan
    (record,) = [c for c in plan.contenders if c.metered]
    assert record.title == "m (shots 2)"
