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


@pytest.mark.parametrize(
    "spec", ["cascade:ngram-linear>{}", "vote:ngram-linear+(stack:majority+{})"]
)
def test_it_is_no_part_of_others_as_long_as_its_calls_would_not_be_bounded(table, spec):
    contender = spec.format("llm:m@http://127.0.0.1:9/v1")
    options = make_options({"target": "label", "contenders": (contender,)}, None)
    with pytest.raises(PlanError, match="cannot be a part"):
        make_plan(table, options)
