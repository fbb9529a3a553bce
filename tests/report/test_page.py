from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.report.disagreements import MOST_ROWS
from bakeoff.report.environment import breakable
from bakeoff.report.page import render_page
from bakeoff.report.visible import visible

VOID = {"meta", "img", "wbr", "link", "br"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section", "p",
    "h1", "h2", "h3", "span", "strong", "bdi", "b", "small", "code", "div", "dl", "dt", "dd", "ul",
    "li", "a", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "figure",
    "figcaption", "img", "wbr", "svg", "g", "path", "line", "text", "defs", "use",
}  # fmt: skip
HOSTILE_ATTRIBUTES = ("on", "srcdoc", "formaction", "action", "ping", "background")


class Reader(HTMLParser):
    """Reads a page as a strict browser would: every element is closed, in order."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.attributes, self.texts = [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.texts.append(data)

    def values(self, name):
        return [value for _, attribute, value in self.attributes if attribute == name]

    @property
    def text(self):
        return " ".join("".join(self.texts).split())


def assert_harmless(page):
    """The page is well formed, has no element or attribute that acts, and loads nothing."""
    seen = Reader(page)
    assert seen.open == []
    assert set(seen.tags) <= TAGS
    assert seen.tags.count("style") == seen.tags.count("title") == seen.tags.count("main") == 1
    names = {name for _, name, _ in seen.attributes}
    assert not [name for name in names if name.startswith(HOSTILE_ATTRIBUTES)]
    assert all(
        value.startswith("#") for value in [*seen.values("href"), *seen.values("xlink:href")]
    )
    assert all(
        value.startswith(("data:image/png", "data:image/jpeg")) for value in seen.values("src")
    )
    assert not any("url(" in value for value in seen.values("style"))
    assert visible(page) == page
    ids = seen.values("id")
    assert len(ids) == len(set(ids))
    return seen


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_state_makes_a_whole_page(records, lang):
    page = render_page(*records, lang=lang)
    seen = assert_harmless(page)
    assert f'<html lang="{"en" if lang == "en" else "zh-Hans"}">' in page
    assert len(page.encode()) < 2_000_000
    assert seen.tags.count("h1") == 1
    assert "None" not in seen.text
    assert "nan" not in seen.text.split()
    targets = {value.removeprefix("#") for value in seen.values("href")}
    assert targets <= set(seen.values("id"))


def test_sections_stand_in_the_order_of_reading(make):
    page = render_page(*make["llm_better"]())
    order = ['class="decision"', 'class="strip"', 'id="board"', 'id="section-differences"',
             'id="section-price"', 'id="section-shares"', 'id="section-mistakes"',
             'id="section-confidence"', 'id="disagreements"', 'id="audit"', 'id="threats"',
             'id="repeat"']  # fmt: skip
    places = [page.index(mark) for mark in order]
    assert places == sorted(places)


def test_the_page_can_neither_load_nor_run_anything(make):
    page = render_page(*make["llm_better"]())
    policy = page[page.index("Content-Security-Policy") :].partition("content=")[2]
    assert policy.startswith(
        "\"default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    )
    assert page.index("Content-Security-Policy") < page.index("<style")
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "@import" not in page


def test_the_same_records_make_the_same_bytes(make):
    assert render_page(*make["llm_better"]()) == render_page(*make["llm_better"]())


def test_an_unknown_language_is_refused(make):
    with pytest.raises(UsageError):
        render_page(*make["only_one"](), lang="xx")


def poisoned(value, payload):
    """Return records with ``payload`` behind every text but the words that steer the report."""
    if isinstance(value, str):
        return value + payload
    if isinstance(value, tuple):
        return tuple(poisoned(one, payload) for one in value)
    if isinstance(value, dict):
        return {key: poisoned(one, payload) for key, one in value.items()}
    if is_dataclass(value):
        kept = {"kind", "state", "word", "why", "evidence", "lockbox_origin", "level", "code"}
        changes = {
            field.name: poisoned(getattr(value, field.name), payload)
            for field in fields(value)
            if field.name not in kept
        }
        return replace(value, **changes)
    return value


def spread(payload, plan, analysis):
    """Return poisoned records, with the keys of dictionaries poisoned where users choose them."""
    plan, analysis = poisoned(plan, payload), poisoned(analysis, payload)
    named = {
        key: {name + payload: value for name, value in getattr(analysis, key).items()}
        for key in ("reliability", "scatter", "environment")
    }
    sample = tuple(
        replace(one, texts={column + payload: text for column, text in one.texts.items()})
        for one in analysis.disagreements
    )
    contenders = tuple(
        replace(one, settings={name + payload: value for name, value in one.settings.items()})
        for one in plan.contenders
    )
    prices = replace(plan.prices, per_row={f"answers:{payload}": 0.1})
    return replace(plan, contenders=contenders, prices=prices), replace(
        analysis, disagreements=sample, **named
    )


@pytest.mark.parametrize("name", ["llm_better", "failures", "regression"])
def test_hostile_text_in_every_slot_stays_text(make, hostile, name):
    payload = "".join(hostile)
    page = render_page(*spread(payload, *make[name]()))
    seen = assert_harmless(page)
    shown = seen.text.replace("\u200b", "")
    for text in ("<script>alert(1)</script>", "<svg onload=alert(1)>", "javascript:alert(1)",
                 "{{ 7 * 7 }}{% raw %}", "␀␛[31m", "⟨U+202E⟩gnp.exe", "%s {0} {name}"):  # fmt: skip
        assert text in shown


@pytest.mark.parametrize("column", ["<b>", "\u202e", "x\" y='", "{0}", "a:b>c", ""])
def test_a_hostile_column_of_answers_is_named_safely(make, column):
    plan, analysis = make["small_equivalent"]()

    def renamed(value):
        if isinstance(value, str):
            return value.replace("answers:llm_answer", f"answers:{column}")
        if isinstance(value, tuple):
            return tuple(renamed(one) for one in value)
        if isinstance(value, dict):
            return {renamed(key): renamed(one) for key, one in value.items()}
        if is_dataclass(value):
            return replace(
                value, **{f.name: renamed(getattr(value, f.name)) for f in fields(value)}
            )
        return value

    seen = assert_harmless(render_page(renamed(plan), renamed(analysis)))
    assert f"“{visible(column)}” (answers of unrecorded origin)" in seen.text


PNG = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("text", "is_picture"),
    [
        (PNG, True),
        ("data:image/jpeg;base64,/9j/4AAQ", True),
        ("data:image/svg+xml;base64,PHN2Zz4=", False),
        ("data:text/html;base64,PHNjcmlwdD4=", False),
        (f'{PNG}" onerror="alert(1)', False),
        (f"{PNG}\n", False),
        ("javascript:alert(1)", False),
        ("https://evil.example/x.png", False),
        ("DATA:image/png;base64,AAAA", False),
    ],
)
def test_only_small_pngs_and_jpegs_become_pictures(make, text, is_picture):
    plan, analysis = make["one_disagreement"]()
    sample = (replace(analysis.disagreements[0], texts={"photo": text}),)
    seen = assert_harmless(render_page(plan, replace(analysis, disagreements=sample)))
    assert seen.values("src") == ([text] if is_picture else [])
    assert all(seen.values("alt"))


def test_pictures_never_make_the_page_too_large(make):
    plan, analysis = make["small_equivalent"]()
    large = "data:image/png;base64," + "A" * 400_000
    sample = tuple(replace(one, texts={"photo": large}) for one in analysis.disagreements)
    page = render_page(plan, replace(analysis, disagreements=sample))
    assert len(page) < 2_000_000
    assert page.count("picture left out") == MOST_ROWS - 2


def test_long_texts_are_cut_and_the_cut_is_marked(make):
    plan, analysis = make["one_disagreement"]()
    sample = (replace(analysis.disagreements[0], texts={"t": "word " * 1000}),)
    seen = Reader(render_page(plan, replace(analysis, disagreements=sample)))
    assert "… (cut; 4,701 more characters)" in seen.text


def test_twenty_rows_at_most_and_how_many_there_are(make):
    plan, analysis = make["small_equivalent"]()
    more = replace(analysis, disagreements=analysis.disagreements * 2)
    seen = Reader(render_page(plan, more))
    assert "20 of the 440 rows on which TF-IDF + linear and “llm_answer” differ" in seen.text
    assert seen.text.count("sure: .") == MOST_ROWS


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("one_disagreement", "The only row on which gradient boosting and linear differ."),
        ("no_disagreement", "gradient boosting and linear give the same answer on every compared"),
        ("regression", "All 3 rows on which the LLM and pair features + linear differ."),
        ("no_prices", "Not drawn: the price of TF-IDF + linear and “llm_answer” is not known."),
        ("nothing_beats_guessing", "Nothing is known that speaks against the conclusion."),
        ("failures", "would take 14 min of the 10 min allowed"),
        ("regression", "lower is better"),
        ("many_classes", "136 further classes are summed in the last row and column."),
        ("many_classes", "2 more contenders"),
    ],
)
def test_odd_states_are_designed(make, name, expected):
    assert expected.casefold() in Reader(render_page(*make[name]())).text.casefold()


def test_how_to_repeat_it_is_all_there(make):
    plan, analysis = make["llm_better"]()
    text = Reader(render_page(plan, analysis)).text
    for fact in (plan.command, plan.sha256, plan.data.fingerprint, plan.splits.sha256,
                 analysis.machine, analysis.date, "scikit-learn 1.7.2", "alpha 0.05; seed 7",
                 "$41 per 1,000"):  # fmt: skip
        assert fact in text


def test_names_may_be_broken_after_their_marks():
    assert breakable("a_b<c") == "a_<wbr>b&lt;c"
    assert breakable("_") == "_"
