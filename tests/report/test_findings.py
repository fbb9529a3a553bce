import pytest

from bakeoff.report.audit import audit_lines
from bakeoff.report.case import Case
from bakeoff.report.findings import loudest_first, say
from bakeoff.report.words import Words
from bakeoff.results.records import Finding


@pytest.fixture(params=["en", "zh"])
def case(request, make):
    return Case(*make["small_equivalent"](), Words(request.param))


def sentence(case, code, **values):
    return say(Finding(code, "info", values), case).sentence


def test_a_known_code_is_a_sentence_with_its_values(case):
    said = sentence(case, "missing-values", column="price", rows=1234, share=0.0342)
    assert "1,234" in said
    assert "“price”" in said
    assert "3\u202f%" in said


def test_scores_and_differences_are_in_the_unit_of_the_metric(case):
    said = sentence(case, "missing-answers", contender="ngram-linear", rows=4, share=0.01,
                    score=0.8261, score_dropped=0.8301)  # fmt: skip
    assert ".826" in said
    assert "TF-IDF + linear" in said
    assert "2.1" in sentence(case, "test-cannot-show", detectable=0.0203)


@pytest.mark.parametrize(
    ("special", "plain"),
    [
        ({"by_nature": True}, {"by_nature": False}),
        ({"by_nature": True}, {}),
    ],
)
def test_a_special_case_has_its_own_sentence(case, special, plain):
    values = {"part": "main", "rows": 100, "repeats": 7, "near": 2}
    one = sentence(case, "duplicates-within", **values, **special)
    other = sentence(case, "duplicates-within", **values, **plain)
    assert one != other
    assert "7" in one
    assert "main" not in one + other


@pytest.mark.parametrize("how", ["copy", "mapping", "auc", "correlation"])
def test_a_leak_says_how_it_was_seen(case, how):
    said = sentence(case, "target-leak", column="c", how=how, value=0.9987)
    assert "0.999" in said
    assert said != sentence(case, "target-leak", column="c", how="otherwise", value=0.9987)


def test_an_unknown_code_is_shown_with_its_values(case):
    assert sentence(case, "their-check", ratio=0.5, rows=1200, ok=True) == (
        "their-check: ratio = 0.50; rows = 1,200; ok = true"
    )
    assert sentence(case, "their-check") == "their-check"


def test_a_known_code_without_its_values_is_shown_plainly_too(case):
    assert sentence(case, "rare-class", names="x") == "rare-class: names = x"


def test_words_of_ours_among_the_values_are_translated(case):
    said = sentence(case, "both-policies-differ", contender="ngram-linear", word="undecided",
                    other="majority", word_other="better", rows=3, how="dropped")  # fmt: skip
    assert case.words("word.undecided") in said
    assert case.words("price.hosting_per_month") in sentence(
        case, "price-assumed", names="hosting_per_month, theirs"
    )


def test_rows_that_show_it_are_named_and_many_are_cut():
    case = Case(*_any(), Words())
    assert say(Finding("x", "info", {}, (3, 9)), case).rows == "rows 3, 9"
    assert say(Finding("x", "info", {}, tuple(range(50))), case).rows.endswith("7, …")


def test_an_unknown_level_is_shown_as_it_is_and_styled_as_a_note():
    said = say(Finding("x", 'fatal" onclick="x'), Case(*_any(), Words()))
    assert said.level == "info"
    assert said.level_word.startswith("fatal")


def _any():
    from types import SimpleNamespace

    return SimpleNamespace(contenders=()), SimpleNamespace(rows=(), metrics=())


def test_the_loudest_come_first_and_else_the_order_is_kept():
    given = [Finding(code, level) for code, level in
             (("a", "info"), ("b", "warning"), ("c", "error"), ("d", "warning"))]  # fmt: skip
    assert [one.code for one in loudest_first(given)] == ["c", "b", "d", "a"]


def test_the_plan_speaks_before_there_is_a_result(make):
    plan, _ = make["small_equivalent"]()
    assert audit_lines(plan)[0].startswith("warning: 5 of 6,920 rows in the training data")
    assert audit_lines(plan, "zh")[0].startswith("注意：训练数据的 6,920 行中有 5 行")
    assert len(audit_lines(plan)) == len(plan.findings)
