from dataclasses import replace

import pytest
from markupsafe import Markup

from bakeoff.report.case import Case, oriented
from bakeoff.report.sentences import decide, facts
from bakeoff.report.words import Words

JARGON = ("ROPE", "regret", "lockbox", "McNemar", "p-value", "bootstrap", "None", "nan", "  ", "{")


def said(records, lang="en"):
    return decide(Case(*records, Words(lang)))


def plain(records):
    return " ".join(said(records)).replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_state_is_said_in_three_plain_sentences_at_most(records, lang):
    sentences = said(records, lang)
    assert 1 <= len(sentences) <= 3
    for sentence in sentences:
        assert sentence.endswith("." if lang == "en" else "。")
        assert not any(word in sentence for word in JARGON)


DECISIONS = {
    "llm_better": (
        "Take the two together: TF-IDF + linear answers, and the 40 % of rows on which it is "
        "least sure go to the large language model (name not recorded); 975 of 1,000 "
        "predictions are right, against 980 for the LLM alone. With 95 % certainty it is at "
        "most 1 point worse than the LLM. At 100,000 predictions a month it costs $1,600 "
        "instead of $4,100."
    ),
    "small_equivalent": (
        "Take TF-IDF + linear: of 1,000 predictions it gets 826 right, “llm_answer” (answers of"
        " unrecorded origin) 830. With 95 % certainty it is at most 1 point worse than "
        "“llm_answer”; against the best of all 7 contenders it gives away at most 1.1 points. "
        "At 100,000 predictions a month it costs $2 instead of $4,100; send the least sure 8 % "
        "to “llm_answer” and the gap is gone."
    ),
    "undecided": (
        "Take TF-IDF + linear: of 100 predictions it gets 83 right, “llm_answer” (answers of "
        "unrecorded origin) 84. The data cannot tell it from “llm_answer”: with 95 % certainty "
        "it is at most 4.1 points worse; against the best of all 7 contenders it gives away at "
        "most 4.5 points. At 100,000 predictions a month it costs $2 instead of $4,100; about "
        "310 more labelled rows would settle it."
    ),
    "nothing_beats_guessing": (
        "No contender is shown to beat guessing; until one does, take majority class. With 95 %"
        " certainty TF-IDF + linear, the best of the others, is at most 5.8 points better. "
        "Either the inputs say nothing about “label”, or 240 labels are too few: this test "
        "cannot show gains below 8.4 points."
    ),
    "two_contenders": (
        "Take gradient boosting: of 100 predictions it gets 91 right, linear 87. It is 4.3 "
        "points better than linear, with 95 % certainty at least 2.2 points. At 100,000 "
        "predictions a month it costs $2.1, linear $2."
    ),
    "regression": (
        "Take the large language model (name not recorded): its predictions are typically 0.59 "
        "off, those of pair features + linear 1.1. It is 0.96 better than pair features + "
        "linear in mean squared error, with 95 % certainty at least 0.74; no other of the 3 "
        "contenders is ahead of it. At 100,000 predictions a month it costs $4,100, pair "
        "features + linear $2; sending only a part of the rows to the LLM does not close the "
        "gap."
    ),
    "no_prices": (
        "Take TF-IDF + linear: of 1,000 predictions it gets 826 right, “llm_answer” (answers of"
        " unrecorded origin) 830. With 95 % certainty it is at most 1 point worse than "
        "“llm_answer”; against the best of all 7 contenders it gives away at most 1.1 points. "
        "What they cost is not known: give the prices, and the page compares them; send the "
        "least sure 8 % to “llm_answer” and the gap is gone."
    ),
    "only_one": (
        "Take gradient boosting: it gets 91 of 100 predictions right. Nothing else was there to"
        " compare it with. At 100,000 predictions a month it costs $2.1."
    ),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_the_decision_reads_so(make, name):
    assert plain(make[name]()) == DECISIONS[name]


def test_the_llm_alone_when_a_share_would_do_as_well(make):
    plan, analysis = make["regression"]()
    verdict = replace(analysis.verdict, closing_share=0.2)
    assert plain((plan, replace(analysis, verdict=verdict))).endswith(
        "sending it only the 20 % of rows that pair features + linear is least sure of does as "
        "well for $820."
    )


@pytest.mark.parametrize(
    ("word", "changes", "expected"),
    [
        ("better-trivially", {}, "it is better than linear, but by 6.4 points at most: less than"),
        ("equivalent", {"gap_upper": 0.0071}, "at most 0.8 points worse than linear, less"),
        ("equivalent", {"gap_upper": 0.0099}, "at most 1 point worse than linear."),
        ("equivalent", {"gap_upper": -0.001}, "it is not worse than linear"),
        ("undecided", {"gap_upper": None}, "The data cannot tell it from linear."),
        ("worse", {"gap_upper": 0.02}, "4.3 points worse than linear, with 95 %"),
    ],
)  # fmt: skip
def test_every_word_of_a_verdict_has_its_sentence(make, word, changes, expected):
    plan, analysis = make["two_contenders"]()
    verdict = replace(analysis.verdict, word=word, **changes)
    assert expected.lower() in plain((plan, replace(analysis, verdict=verdict))).lower()


def test_more_than_ten_times_the_labels_is_said_so(make):
    plan, analysis = make["undecided"]()
    verdict = replace(analysis.verdict, labels_needed=4000, labels_needed_beyond=True)
    assert "even ten times the labelled rows may not settle it" in plain(
        (plan, replace(analysis, verdict=verdict))
    )


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        (2.0, None, "it costs $2; the price of linear is not known"),
        (None, 2.0, "what it costs is not known, linear costs $2"),
        (2.0, 2.01, "it costs $2, as much as linear"),
        (2.0, 400.0, "it costs $2 instead of $400"),
    ],
)
def test_money_is_compared_as_far_as_it_is_known(make, own, other, expected):
    plan, analysis = make["two_contenders"]()
    rows = tuple(
        replace(row, money=replace(row.money, per_month=cost))
        for row, cost in zip(analysis.rows, (own, other), strict=True)
    )
    assert expected.lower() in plain((plan, replace(analysis, rows=rows))).lower()


def test_a_comparison_from_the_other_side_is_turned_around(make):
    plan, analysis = make["two_contenders"]()
    turned = oriented(analysis.comparisons[0], "tabular-linear")
    assert turned.word == "worse"
    assert turned.difference.value == -0.043
    assert turned.difference.low < turned.difference.high
    assert (turned.only_first_right, turned.only_second_right) == (22, 61)
    verdict = replace(analysis.verdict, comparison=turned)
    assert plain((plan, replace(analysis, verdict=verdict))) == plain((plan, analysis))


def test_a_bound_that_rounds_to_the_margin_is_not_called_less_than_it(make):
    plan, analysis = make["two_contenders"]()
    verdict = replace(analysis.verdict, word="equivalent", gap_upper=0.0096)
    assert "matters to you" not in plain((plan, replace(analysis, verdict=verdict)))


def test_names_are_set_off_once_and_said_in_full_once(make):
    case = Case(*make["small_equivalent"](), Words())
    marked = decide(case, lambda role, name: Markup("<b class={}>{}</b>").format(role, name))
    page = " ".join(marked)
    assert page.count("<b class=choice>TF-IDF + linear</b>") == 1
    assert page.count("<b class=against>") == 1
    assert page.count("answers of unrecorded origin") == 1


@pytest.mark.parametrize(
    ("origin", "expected", "label"),
    [
        ("llm", "the large language model (name not recorded)", "LLM"),
        (None, "“llm_answer” (answers of unrecorded origin)", "answers:llm_answer"),
        ("GPT-9, prompt of 3 May", "GPT-9, prompt of 3 May", "GPT-9, prompt of 3 May"),
    ],
)
def test_no_name_is_made_up_for_answers(make, origin, expected, label):
    plan, analysis = make["small_equivalent"]()
    contenders = tuple(
        replace(one, settings={"origin": origin}) if one.family == "answers" else one
        for one in plan.contenders
    )
    case = Case(replace(plan, contenders=contenders), analysis, Words())
    assert case.spoken("answers:llm_answer") == expected
    assert case.label("answers:llm_answer") == label


def test_a_choice_that_is_not_in_the_table_is_still_named(make):
    plan, analysis = make["two_contenders"]()
    assert plain((plan, replace(analysis, rows=()))) == "Take gradient boosting."


def test_the_small_print_counts_what_was_lost(make):
    said = " ".join(facts(Case(*make["failures"](), Words())))
    assert "1 contender failed and 1 was left out." in said
    assert "held-out rows" in said
    assert "each contender predicted" in " ".join(facts(Case(*make["undecided"](), Words())))
