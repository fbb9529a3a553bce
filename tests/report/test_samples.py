"""What language models wrote stands on the page, best first, as text and not as markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from string import Formatter

import pytest

from bakeoff.report.case import Case
from bakeoff.report.page import render_page
from bakeoff.report.samples import MOST_SAMPLES, samples
from bakeoff.report.words import TABLE, words_for
from bakeoff.report.words.language import TEXTS

SAMPLE = re.compile(
    r'<h3 class="\w+">.*?</h3>\n<pre class="sample" dir="auto">(.*?)</pre>', re.DOTALL
)
WRITTEN = {
    "majority": "all bytes alike",
    "ngram-lm": "To be, or not\n  to be",
    "ngram-linear": '<script>alert(1)</script> & "so on"',
}


@pytest.fixture
def records(make):
    plan, analysis = make["small_equivalent"]()
    return plan, replace(analysis, samples=WRITTEN)


def placeholders(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_samples_stand_in_the_order_of_the_leaderboard(records):
    plan, analysis = records
    found = samples(Case(plan, analysis, words_for("en", plan.task.kind)))
    assert [one.text for one in found] == [
        WRITTEN["ngram-linear"],
        WRITTEN["ngram-lm"],
        WRITTEN["majority"],
    ]
    assert [one.role for one in found] == ["choice", "rest", "rest"]
    assert len(found) <= MOST_SAMPLES


@pytest.mark.parametrize(
    ("lang", "heading"), [("en", "What they write"), ("zh", "各模型的续写样例")]
)
def test_each_sample_stands_under_the_name_of_its_writer_as_it_was_drawn(records, lang, heading):
    page = render_page(*records, lang=lang)
    section = page.split('<section id="samples">')[1].split("</section>")[0]
    assert f"<h2>{heading}</h2>" in section
    texts = SAMPLE.findall(section)
    assert [unescape(text) for text in texts] == [
        WRITTEN["ngram-linear"],
        WRITTEN["ngram-lm"],
        WRITTEN["majority"],
    ]
    assert "<script>alert" not in section


def test_a_page_on_which_nobody_wrote_has_no_such_heading(make):
    assert 'id="samples"' not in render_page(*make["small_equivalent"]())


def test_words_of_language_stand_in_place_of_words_that_exist():
    assert set(TEXTS) <= set(TABLE)


def test_both_languages_say_the_same_with_the_placeholders_of_the_words_they_replace():
    for key, (english, chinese) in TEXTS.items():
        assert english
        assert placeholders(english) == placeholders(chinese), key
        assert placeholders(english) <= placeholders(TABLE[key][0]), key


def test_other_kinds_keep_their_words():
    assert words_for("en", "classification")("page.rows", rows=2) != words_for(
        "en", "language-modelling"
    )("page.rows", rows=2)
