"""The page, its Markdown and its terminal form, from a record made in a moment."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

pytest.importorskip("torch")
from bakeoff.apps.families.markdown import write_markdown
from bakeoff.apps.families.page import render_page
from bakeoff.apps.families.phrases import PHRASES
from bakeoff.apps.families.record import Families
from bakeoff.apps.families.terminal import render_terminal
from bakeoff.report.visible import columns
from bakeoff.results.codec import from_json, to_json

VOID = {"meta", "br", "wbr", "img", "hr", "link", "input"}


class Nesting(HTMLParser):
    """Sees whether every element that is opened is closed in its turn."""

    def __init__(self):
        super().__init__()
        self.open, self.ids = [], []

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module", params=["en", "zh"])
def page(request, families):
    return render_page(families, request.param)


def test_the_page_is_well_formed_and_its_ids_are_its_own(page):
    parser = Nesting()
    parser.feed(page)
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))


def test_the_page_is_one_small_file_that_loads_and_runs_nothing(page):
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert len(page.encode()) < 2_000_000


def test_what_comes_from_outside_is_escaped(page):
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;" in page
    assert "<i>" not in page


def test_all_six_parts_stand_in_order(page):
    found = re.findall(r'<section id="part-(\w+)"', page)
    assert found == ["architectures", "gradients", "backprop", "words", "attention", "descent"]


def test_a_family_that_could_not_run_says_why(page):
    assert "gensim" in page


def test_every_phrase_stands_in_both_languages():
    ours = {
        key: pair for key, pair in PHRASES.items() if key.startswith(("fam.", "arch.", "look."))
    }
    assert ours
    for key, (english, chinese) in ours.items():
        assert english, key
        assert set(re.findall(r"\{(\w+)", english)) == set(re.findall(r"\{(\w+)", chinese)), key


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_short_form_fits_a_terminal(families, lang):
    found = render_terminal(families, lang)
    assert len(found) <= 40
    assert max(columns(line) for line in found) <= 100


def test_the_markdown_shows_small_pictures_that_can_be_read_alone(families, tmp_path):
    text = write_markdown(families, tmp_path).read_text(encoding="utf-8")
    names = re.findall(r"\]\((families/[\w-]+\.svg)\)", text)
    assert len(names) == 7
    for name in names:
        picture = tmp_path / name
        assert picture.stat().st_size < 60_000
        assert ET.fromstring(picture.read_bytes()).tag.endswith("svg")
    assert "a\\|b" in text


def test_the_record_is_read_back_from_json(families):
    assert from_json(Families, to_json(families), where="here") == families
