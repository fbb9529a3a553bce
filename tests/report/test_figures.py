import re
from dataclasses import replace
from itertools import pairwise

import matplotlib as mpl
import pytest

from bakeoff.report.case import Case
from bakeoff.report.figures import confusion, forest, price, reliability, scatter, shares
from bakeoff.report.figures.beside import Name, write_beside
from bakeoff.report.figures.canvas import Canvas, Type
from bakeoff.report.figures.confusion import MOST_CLASSES, arrange
from bakeoff.report.words import Words
from bakeoff.results.analysis import Confusion


@pytest.fixture
def case(make):
    return lambda name, lang="en": Case(*make[name](), Words(lang))


def texts(svg):
    return re.findall(r"<text[^>]*>(.*?)</text>", svg)


TITLES = {
    ("llm_better", forest): "TF-IDF + linear → LLM is as good as the LLM",
    ("undecided", forest): "No contender is shown to be better than “llm_answer”",
    ("two_contenders", forest): "Gradient boosting is better than linear",
    ("regression", forest): "Every contender is worse than the LLM",
    ("small_equivalent", price): "TF-IDF + linear is as good as “llm_answer” at 1/2,000 "
    "of the price",
    ("regression", price): "The LLM is better than pair features + linear, and costs 2,000 times "
    "as much",
    ("llm_better", shares): "Sending the least sure 40 % on closes the gap",
    ("regression", shares): "No share of rows sent on closes the gap",
    ("small_equivalent", reliability): "TF-IDF + linear is surer than it should be: .950 sure, "
    ".860 right",
    ("regression", scatter): "LLM is within 0.38 of the truth on half of the rows",
}  # fmt: skip


@pytest.mark.parametrize(("name", "figure"), TITLES)
def test_a_title_states_the_finding(case, name, figure):
    title = figure.draw(case(name)).title.replace("\u202f", " ")
    assert title.casefold() == TITLES[name, figure].casefold()


@pytest.mark.parametrize("figure", [forest, price, shares, reliability, scatter])
def test_every_figure_has_two_pictures_an_alternative_text_and_its_numbers(records, figure):
    drawn = figure.draw(Case(*records, Words()))
    if drawn is None:
        return
    assert drawn.table.rows
    assert all(len(row) == len(drawn.table.head) for row in drawn.table.rows)
    for svg in (drawn.wide, drawn.narrow):
        assert re.search(r'role="img" aria-label="[^"]{20,}"', svg)
        assert texts(svg)
        assert "#0a0b" not in svg
        assert "~" not in "".join(texts(svg))


def test_figures_that_have_nothing_to_show_are_left_out(case):
    alone = case("only_one")
    assert [figure.draw(alone) for figure in (forest, price, shares, reliability, scatter)] == [
        None
    ] * 5


def test_prices_are_not_drawn_where_the_one_that_matters_is_unknown(case):
    assert price.draw(case("no_prices")) is None
    assert price.missing(case("no_prices")) == ["TF-IDF + linear", "“llm_answer”"]


def test_drawing_twice_gives_the_same_bytes_and_leaves_matplotlib_as_it_was(case):
    seen = case("llm_better")
    before = dict(mpl.rcParams)
    with mpl.rc_context({"savefig.bbox": "tight", "font.size": 30.0}):
        in_a_notebook = price.draw(seen).wide
    assert price.draw(seen).wide == in_a_notebook
    assert dict(mpl.rcParams) == before


def test_the_front_holds_whom_no_cheaper_one_reaches(case):
    rows = list(case("small_equivalent").ranked)
    names = [row.name for row in price.front(rows, higher_is_better=True)]
    assert names == ["majority", "ngram-linear", "answers:llm_answer"]


def test_the_lower_error_lies_higher(case):
    svg = price.draw(case("regression")).wide
    height = {text: float(y) for y, text in
              re.findall(r'<text x="[^"]+" y="([^"]+)"[^>]*>(.*?)</text>', svg)}  # fmt: skip
    assert height["LLM"] < height["pair features + linear"]


CONFUSED = Confusion("x", ("a", "b", "c"), ((9, 0, 1, 0), (0, 8, 0, 2), (5, 0, 5, 0)))


def test_the_most_confused_come_first_and_missing_answers_have_a_column(case):
    grid = arrange(CONFUSED, case("two_contenders"))
    assert grid.down == ("a", "c", "b")
    assert grid.across == ("a", "c", "b", "no answer")
    assert grid.counts == ((9, 1, 0, 0), (5, 5, 0, 0), (0, 0, 8, 2))
    assert grid.share(1, 0) == 0.5
    assert grid.worst() == (1, 0)


def test_many_classes_are_summed_and_none_is_lost(case):
    seen = case("many_classes")
    given = seen.analysis.confusions[0]
    grid = arrange(given, seen)
    assert len(grid.down) == MOST_CLASSES
    assert grid.summed == 136
    assert sum(map(sum, grid.counts)) == sum(map(sum, given.counts))
    assert "“intent_017" in confusion.draw(given, seen, 1).title


def test_no_confusion_and_no_rows_of_a_class_are_said_without_a_division_by_nought(case):
    seen = case("two_contenders")
    clean = Confusion("tabular-linear", ("a", "b"), ((3, 0, 0), (0, 0, 0)))
    drawn = confusion.draw(clean, seen, 1)
    assert drawn.title == "linear confuses no classes"
    missing = replace(clean, counts=((1, 0, 2), (0, 1, 0)))
    assert "gets no answer" in confusion.draw(missing, seen, 1).title


@pytest.mark.parametrize("text", ["<b>&'\"", "$x$", "~0~", "\x00", "送餐", "{0}", "a\nb"])
def test_any_text_stays_text(text):
    canvas = Canvas(100, 50)
    canvas.text((5, 20), text)
    canvas.text((5, 40), "second", Type("end", bold=True, halo=True))
    svg = canvas.svg("f", text)
    assert len(texts(svg)) == 2
    assert texts(svg)[1] == "second"
    assert not re.search(r"<(?!/?(svg|g|text|path|defs|use)\b)", svg)


def test_ids_carry_the_name_of_the_figure():
    canvas = Canvas(100, 50)
    canvas.dots([(1, 2), (3, 4)], "choice", radius=2, opacity=0.5)
    svg = canvas.svg("mine", "two dots")
    assert set(re.findall(r'\bid="([^"]+)"', svg)) == {
        name.removeprefix("#") for name in re.findall(r'href="([^"]+)"', svg)
    }
    assert all(name.startswith("mine-") for name in re.findall(r'\bid="([^"]+)"', svg))


def test_names_at_one_place_do_not_cover_each_other():
    canvas = Canvas(400, 300)
    names = [Name((50.0, 100.0 + k), f"contender {k}", "rest") for k in range(8)]
    write_beside(canvas, names, (0, 0, 400, 300), size=13)
    svg = canvas.svg("f", "names")
    heights = sorted(float(y) for y in re.findall(r'<text x="[^"]+" y="([^"]+)"', svg))
    assert min(b - a for a, b in pairwise(heights)) >= 15.9
