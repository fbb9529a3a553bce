import inspect
import re
from string import Formatter

import pytest
from markupsafe import Markup

from bakeoff.core.errors import UsageError
from bakeoff.report import findings
from bakeoff.report.words import TABLE, Count, Words
from bakeoff.report.words.figures import FIGURES
from bakeoff.report.words.findings import FINDINGS
from bakeoff.report.words.labels import LABELS
from bakeoff.report.words.sentences import SENTENCES
from bakeoff.report.words.together import TOGETHER


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_both_languages_say_the_same():
    unlike = [
        key
        for key, (english, chinese) in TABLE.items()
        if not (english and chinese)
        or placeholders(english) != placeholders(chinese)
        or "" in placeholders(english)
    ]
    assert unlike == []


def test_plurals_have_two_forms():
    specs = [spec for words, _ in TABLE.values() for _, _, spec, _ in Formatter().parse(words)]
    assert {spec for spec in specs if spec and not re.fullmatch(r"[^|]+\|[^|]+", spec)} == set()
    assert any(specs)


def test_no_key_stands_in_two_topics():
    topics = (FIGURES, FINDINGS, LABELS, SENTENCES, TOGETHER)
    assert len(TABLE) == sum(map(len, topics))


def test_chinese_uses_the_terms_agreed_on():
    chinese = " ".join(words for _, words in TABLE.values())
    for term in ("决策", "置信区间", "实际等价", "参赛模型", "基线", "留出测试集", "交叉验证",
                 "级联", "无法判定"):  # fmt: skip
        assert term in chinese


def test_the_list_of_codes_is_the_table_of_sentences():
    listed = dict(
        re.findall(r"^- ``([\w-]+)``: (.+)$", inspect.getdoc(findings) or "", re.MULTILINE)
    )
    keys = {key.split(".")[1] for key in FINDINGS if key.startswith("found.")}
    assert set(listed) == keys
    for code, values in listed.items():
        named = set(re.findall(r"\w+", re.sub(r"\(.*?\)", "", values)))
        assert placeholders(TABLE[f"found.{code}"][0]) <= named


def test_counts_choose_their_word_and_set_off_thousands():
    assert f"{Count(1)} {Count(1):row|rows}" == "1 row"
    assert f"{Count(1821)} {Count(1821):row|rows}" == "1,821 rows"


def test_an_unknown_language_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match="'en', 'zh'"):
        Words("fr-CA")


def test_values_are_made_visible_and_escaped_beside_markup():
    said = Words()("strip.against", against="<b>\u202e", value=Markup("<i>1</i>"))
    assert said == "&lt;b&gt;⟨U+202E⟩: <i>1</i>"
    assert Words()("strip.against", against="{value}", value="%s") == "{value}: %s"


def test_chinese_names_stand_without_gaps_and_latin_names_with_them():
    zh = Words("zh")
    assert zh("forest.better", name="级联", reference="基线") == "级联优于基线"
    assert zh("forest.better", name="LLM", reference="TF-IDF") == "LLM 优于 TF-IDF"
    strong = Markup("<strong>级联</strong>")
    assert zh("forest.better", name=strong, reference="B") == "<strong>级联</strong>优于 B"


def test_lists_and_sentences_keep_markup_safe():
    words = Words()
    assert words.listing(["a", "b", "c"]) == "a, b and c"
    assert words.listing([Markup("<b>a</b>"), "<c>"]) == "<b>a</b> and &lt;c&gt;"
    assert words.sentence(["it is <so>", Markup("<b>a</b>")]) == "It is &lt;so&gt;; <b>a</b>."
    assert Words("zh").listing(["甲", "乙", "丙"]) == "甲、乙和丙"
