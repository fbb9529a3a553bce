"""The common page and its terminal twin: whole, offline, escaped, in both languages."""

import re
from dataclasses import replace

import pytest

from bakeoff.report.together.page import render_together
from bakeoff.report.together.terminal import render_together_terminal
from bakeoff.report.visible import columns
from bakeoff.results.analysis import Estimate
from bakeoff.results.together import Member, Missing, Together


def member(name, records, **changes):
    plan, analysis = records
    estimate = Estimate(0.8312, 0.81, 0.85, 400, "wilson")
    metric = "accuracy" if plan.task.kind == "classification" else "mse"
    rows = tuple(
        replace(row, out_of_fold={metric: estimate}, held_out={metric: estimate})
        if row.state == "done"
        else row
        for row in analysis.rows
    )
    analysis = replace(analysis, rows=rows)
    values = {"ground": "text", "page": f"{name}/report.html", "plan": plan, "sides": {}}
    speaker = rows[0].name
    return Member(name, **{**values, "analysis": analysis, "speaker": speaker, **changes})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_state_of_a_run_can_stand_on_the_page(records, lang):
    together = Together(True, (member("one", records),), (Missing("qqp", "not there"),))
    html = render_together(together, lang)
    assert "default-src 'none'" in html
    assert '<a href="one/report.html">' in html
    assert "qqp" in html
    assert not re.search(r"<script|https?://|@import", html)
    assert ("\u9009\u7528" in html or "\u5efa\u8bae" in html) == (lang == "zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_terminal_keeps_to_100_columns_and_60_lines(make, lang):
    sets = tuple(
        member(name, make[case]())
        for name, case in (("docstrings", "llm_better"), ("digits", "undecided"))
    )
    sets += (member("angle", make["regression"](), ground="image"),)
    text = render_together_terminal(Together(False, sets), "runs/demo/comparison.html", lang)
    assert max(map(columns, text.splitlines())) <= 100
    assert len(text.splitlines()) <= 60
    assert "runs/demo/comparison.html" in text
    assert "docstrings" in text


def test_what_comes_from_outside_is_escaped(make, hostile):
    plan, analysis = make["llm_better"]()
    for bad in hostile:
        one = member(bad, (plan, analysis), caveats=("recompressed",), remarks=(bad,))
        html = render_together(Together(True, (one,), (Missing(bad, bad),)))
        assert "<script" not in html
        assert "onload=alert(1)>" not in html
        assert not re.search(r'href="(?!#)[a-z]+:', html)
