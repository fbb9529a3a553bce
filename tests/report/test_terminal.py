import io
from dataclasses import replace

import pytest
from rich.console import Console
from rich.text import Text

from bakeoff.report.terminal import print_terminal, render_terminal
from bakeoff.report.visible import columns, visible


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_forty_lines_of_a_hundred_columns_are_enough(records, lang):
    lines = render_terminal(*records, "runs/x/report.html", lang).splitlines()
    assert len(lines) <= 40
    assert max(map(columns, lines)) <= 100
    assert all(line == line.rstrip() for line in lines)
    assert "runs/x/report.html" in lines[-1]


def test_it_is_understood_without_colour(make):
    text = render_terminal(*make["small_equivalent"](), "report.html")
    assert "\x1b" not in text
    lines = {line[:3]: line for line in text.splitlines()}
    assert "answers:llm_answer" in lines[" =*"]
    assert "TF-IDF + linear" in lines[">= "]
    assert ".826 [.814, .837]" in lines[">= "]
    assert "equivalent" in lines[">= "]


def test_the_columns_stand_under_each_other_in_chinese_too(make):
    lines = render_terminal(*make["chinese"](), "r.html", "zh").splitlines()
    at = next(k for k, line in enumerate(lines) if "参赛模型" in line)
    head, *rows = lines[at : at + 9]
    left = [columns(head[: head.index("准确率")])] + [
        columns(row[: row.index(" [")].rpartition(" ")[0] + " ") for row in rows
    ]
    assert len(set(left)) == 1


def test_a_failure_shows_its_reason_in_its_line(make):
    text = render_terminal(*make["failures"](), "r.html")
    assert "failed: MemoryError while counting words (2 attempts)" in text
    assert "left out: would take 14 min" in text


def test_the_two_loudest_threats_are_said(make):
    text = render_terminal(*make["failures"](), "r.html")
    assert text.count("Mind:") == 2
    assert "1 contender failed: Word2Vec + linear." in text


def test_more_than_twelve_are_counted(make):
    text = render_terminal(*make["many_classes"](), "r.html")
    assert "2 more on the page" in text
    assert sum(line.startswith((">", " =", "    TF", "  *")) for line in text.splitlines()) <= 14


@pytest.mark.parametrize("width", [60, 80, 200])
def test_other_widths_are_kept(make, width):
    lines = render_terminal(*make["llm_better"](), "r.html", width=width).splitlines()
    assert max(map(columns, lines)) <= width


def test_nothing_from_outside_steers_the_terminal(make, hostile):
    for text in hostile:
        plan, analysis = make["two_contenders"]()
        rows = tuple(replace(row, title=f"{text}[red]x[/red]") for row in analysis.rows)
        shown = render_terminal(plan, replace(analysis, rows=rows), f"/tmp/{text}")
        assert shown == "".join(visible(character) for character in shown)
        assert "[red]" in shown.replace("\n", "")


def test_colour_only_repeats_what_the_marks_say(make):
    buffer = io.StringIO()
    console = Console(file=buffer, width=100, force_terminal=True, color_system="standard")
    print_terminal(*make["two_contenders"](), "r.html", console=console)
    assert "\x1b[" in buffer.getvalue()
    plain = Text.from_ansi(buffer.getvalue()).plain
    expected = render_terminal(*make["two_contenders"](), "r.html")
    assert [line.rstrip() for line in plain.splitlines()] == expected.splitlines()
