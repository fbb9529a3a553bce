import pytest

from bakeoff.report.visible import columns, cut, one_line, short, two_lines, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x00", "␀"),
        ("\x1b[31m", "␛[31m"),
        ("\x7f", "␡"),
        ("\x9b", "⟨U+009B⟩"),
        ("\u202eabc\u2066", "⟨U+202E⟩abc⟨U+2066⟩"),
        ("\u200b\ufeff\u061c", "⟨U+200B⟩⟨U+FEFF⟩⟨U+061C⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\ud800", "\ufffd"),
        ("\uffff", "⟨U+FFFF⟩"),
        ("a\r\nb\u2028c", "a\nb\nc"),
    ],
)
def test_what_cannot_be_seen_is_shown(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text",
    ["naïve", "送餐很快", "👩\u200d👧", "\u0645\u200c\u062e", "a\tb\nc", "{}%"],
)
def test_what_can_be_seen_is_left_alone(text):
    assert visible(text) == text


def test_visible_text_stays_as_it_is_when_it_is_made_visible_again():
    once = visible("".join(map(chr, range(0x3000))))
    assert visible(once) == once


def test_a_cut_is_told():
    assert cut("a" * 300) == ("a" * 300, False)
    assert cut("a" * 299 + " bc") == ("a" * 299, True)


def test_short_counts_columns_and_marks_the_cut():
    assert short("味道不错", 8) == "味道不错"
    assert short("味道不错", 7) == "味道不…"
    assert columns(short("e\u0301" * 9, 5)) == 5
    assert one_line(" a \n\t b ") == "a b"


def test_two_lines_break_at_a_space():
    assert two_lines("short", 10) == ["short"]
    assert two_lines("TF-IDF and linear, unsure rows", 12) == ["TF-IDF and", "linear, uns…"]
    assert two_lines("abcdefghijklmnop", 10) == ["abcdefghi", "jklmnop"]
