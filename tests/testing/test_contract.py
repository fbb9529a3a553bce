"""Every check catches what it is there to catch, and says where."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import UsageError
from bakeoff.testing import ContractError, check_contender, contender_checks
from bakeoff.testing.check import NotTestableError
from bakeoff.testing.packages import pretend_installed

PAGE = Path(__file__).parents[2] / "docs" / "add-a-contender.md"
LIGHT = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)
BROKEN = (Path(__file__).parent / "broken_contender.py").read_text(encoding="utf-8")

CAUGHT_BY = {
    "summary_of_two_lines": "the_card_is_complete",
    "unknown_ability": "the_card_is_complete",
    "needs_what_it_does_not_read": "the_card_is_complete",
    "another_name": "its_name_makes_it_again",
    "nothing": "an_unknown_setting_is_refused",
    "accepts_everything": "another_kind_of_task_is_refused",
    "accepts_everything ": "inputs_that_it_cannot_read_are_refused",
    "asks_for_what_no_part_asks_for": "columns_and_parts_are_named_alike",
    "fits_to_something_else": "fit_returns_a_fitted",
    "loses_the_order": "predictions_are_well_formed",
    "wrong_type": "predictions_are_well_formed",
    "hides_missing": "predictions_are_well_formed",
    "infinite_numbers": "predictions_are_well_formed",
    "probabilities_of_two": "predictions_are_well_formed",
    "label_is_not_the_argmax": "predictions_are_well_formed",
    "forgets_a_class": "predictions_are_well_formed",
    "fails_without_rows": "no_rows_give_no_predictions",
    "no_columns_without_rows": "no_rows_give_no_predictions",
    "looks_at_the_other_rows": "one_row_is_enough",
    "looks_at_the_order": "the_order_of_rows_changes_nothing",
    "looks_at_the_other_rows ": "rows_do_not_see_each_other",
    "looks_at_the_other_rows  ": "chunks_are_the_whole",
    "learns_while_predicting": "a_repeated_prediction_is_the_same",
    "predicts_by_id": "ids_mean_nothing",
    "declares_no_probabilities": "probabilities_come_as_the_card_says",
    "declares_no_probabilities ": "confidence_comes_as_the_card_says",
    "strange_usage": "usage_is_well_formed",
    "fails_on_odd_rows": "odd_rows_are_predicted",
    "fails_on_odd_training_rows": "odd_rows_can_be_learned_from",
    "fails_on_empty_columns": "columns_without_a_value_break_nothing",
    "fails_on_empty_columns ": "a_column_missing_only_in_new_rows_breaks_nothing",
    "fails_on_rows_alike": "rows_that_are_all_alike_are_fitted_or_refused",
    "fails_on_a_class_only_in_valid": "a_class_only_in_valid_is_taken",
    "needs_valid": "valid_may_be_absent",
    "fails_on_few_rows": "one_training_row_is_fitted_or_refused",
    "fails_on_one_target": "one_target_for_all_rows_is_learned",
    "gives_absent_classes_something": "a_class_absent_in_training_keeps_its_column",
    "learns_nothing": "it_learns_what_can_be_learned",
    "walks_the_heap": "random_targets_teach_nothing",
    "walks_the_heap ": "labels_of_other_rows_change_nothing",
    "peeks": "labels_of_other_rows_change_nothing",
    "draws_its_own_luck": "the_same_seed_gives_the_same_model",
    "seeded_and_says_not": "the_seed_does_what_the_card_says",
    "declares_luck_it_has_not": "the_seed_does_what_the_card_says",
    "updates_in_place": "an_update_goes_on_and_leaves_the_model_as_it_was",
    "is_changed_by_later_fits": "an_earlier_model_stays_as_it_is",
    "reads_more_than_its_card": "columns_that_it_does_not_read_change_nothing",
    "reads_answers": "answers_of_others_change_nothing",
    "forgets_when_saved": "a_saved_model_predicts_the_same_in_a_new_process",
    "forgets_when_saved ": "a_loaded_model_can_be_saved_again",
    "pickles": "a_saved_model_holds_no_pickle",
    "pickles_openly": "a_saved_model_holds_no_pickle",
    "changes_targets": "what_it_is_given_stays_as_it_is",
    "changes_inputs": "what_it_is_given_stays_as_it_is",
    "writes_to_the_working_folder": "it_writes_only_where_it_may",
    "writes_temporary_files": "it_writes_only_where_it_may",
    "draws_globally": "global_random_state_is_left_alone",
    "seeds_globally": "global_random_state_is_left_alone",
    "changes_the_environment": "the_process_is_left_alone",
    "is_not_safe_in_threads": "threads_get_the_same_answer",
    "depends_on_threads": "the_number_of_threads_changes_nothing",
    "overspends": "a_reached_limit_stops_it",
    "warns": "it_warns_of_nothing",
}
"""What is broken -> the check that must see it (blanks tell apart what several checks see)."""

OF_LANGUAGE = {
    "sees_the_first_letter": "texts_of_one_length_share_a_mass_of_one",
    "sees_that_the_text_goes_on": "what_may_follow_shares_the_mass_of_the_beginning",
    "takes_something_for_the_empty_text": "a_text_is_no_likelier_than_its_beginning",
    "pays_for_a_letter": "a_text_is_no_likelier_than_its_beginning",
    "writes_too_much": "it_writes_as_the_card_says",
    "writes_by_its_own_luck": "it_writes_as_the_card_says",
    "writes_the_same_for_every_seed": "it_writes_as_the_card_says",
    "writes_and_does_not_say": "it_writes_as_the_card_says",
    "cannot_write": "it_writes_as_the_card_says",
}
"""What is broken in a language model -> the only check of language that sees it."""


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    modules = {"hashed_ridge": LIGHT, "broken_contender": BROKEN}
    contenders = {
        "hashed-ridge": "hashed_ridge:HashedRidge",
        "broken": "broken_contender:Broken",
        "broken-language": "broken_contender:BrokenLanguage",
    }
    with pretend_installed(tmp_path_factory.mktemp("site"), modules, contenders):
        yield


@pytest.fixture
def installed(packages, monkeypatch, tmp_path):
    # What is broken may change the environment or write into the working folder.
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.chdir(tmp_path)


def checks_of_language(spec):
    return [check for check in contender_checks(spec) if check.check.topic == "language"]


@pytest.mark.parametrize("how", CAUGHT_BY)
@pytest.mark.filterwarnings("ignore:did not converge")
def test_what_is_broken_is_caught(installed, how):
    checks = contender_checks(f"broken@how={how.strip()}")
    check = next(check for check in checks if check.name == CAUGHT_BY[how])
    with pytest.raises((ContractError, ValueError)) as caught:
        check()
    if caught.type is ContractError:
        assert f"breaks '{check.name}'" in str(caught.value)


@pytest.mark.parametrize("how", OF_LANGUAGE)
def test_what_is_broken_in_a_language_model_is_caught_by_one_check_of_language(installed, how):
    failed = []
    for check in checks_of_language(f"broken-language@how={how}"):
        try:
            check()
        except ContractError as error:
            failed.append(str(error).partition("\n")[0])
    assert len(failed) == 1
    assert f"breaks '{OF_LANGUAGE[how]}'" in failed[0]


def test_a_language_model_that_breaks_nothing_passes_every_check_of_language(installed):
    for check in checks_of_language("broken-language"):
        check()


def test_a_contender_that_breaks_nothing_else_passes_all_else(installed):
    results = check_contender("broken", skip={"an_unknown_setting_is_refused": "for the test"})
    untestable = [name for name, result in results.items() if result.startswith("not testable")]
    assert set(untestable) == {
        "an_update_goes_on_and_leaves_the_model_as_it_was",
        "a_reached_limit_stops_it",
        *OF_LANGUAGE.values(),
    }
    assert results["an_unknown_setting_is_refused"] == "skipped: for the test"


def test_all_that_is_broken_is_told_at_once(installed):
    looked_at = ("an_unknown_setting_is_refused", "a_saved_model_holds_no_pickle")
    skip = {name: "" for name in CAUGHT_BY.values() if name not in looked_at}
    with pytest.raises(ContractError) as caught:
        check_contender("broken@how=pickles_openly", skip=skip)
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("2 of ")
    assert "broken@how=pickles_openly breaks 'a_saved_model_holds_no_pickle'" in lines[2]
    assert "model.pkl" in lines[2]


def test_a_skipped_check_must_exist(installed):
    with pytest.raises(UsageError, match="did you mean 'ids_mean_nothing'"):
        check_contender("hashed-ridge", skip={"ids_mean_nothin": "a slip"})


def test_there_are_about_fifty_checks_each_with_a_reason_to_be():
    checks = contender_checks("majority")
    assert 40 <= len(checks) <= 60
    assert all(check.check.run.__doc__ for check in checks)
    assert {check.check.topic for check in checks} == {
        "card", "language", "leaks", "learning", "manners", "prediction", "rows", "saving",
    }  # fmt: skip


def test_a_contender_that_refuses_everything_cannot_be_checked():
    check = next(c for c in contender_checks("tuned:majority") if c.name == "fit_returns_a_fitted")
    with pytest.raises(ContractError, match=r"refuses every made-up task.*declares no settings"):
        check()


def test_a_saved_model_that_was_changed_is_refused(installed, monkeypatch):
    from bakeoff.testing.contenders import saving

    check = next(c for c in contender_checks("majority") if c.name == "a_changed_file_is_refused")
    check()
    monkeypatch.setattr(saving, "load_model", lambda folder: None)
    with pytest.raises(ContractError, match="was changed"):
        check()


def test_what_cannot_be_looked_at_is_said():
    check = next(
        c for c in contender_checks("answers:a") if c.name == "random_targets_teach_nothing"
    )
    with pytest.raises(NotTestableError, match="know the truth"):
        check()


def test_settings_that_can_be_changed_are_caught():
    class Loose(type(make_contender("ngram-linear"))):
        __setattr__ = object.__setattr__

    check = next(c for c in contender_checks(Loose()) if c.name == "its_settings_are_frozen")
    with pytest.raises(ContractError, match=r"setting '.*' can be changed"):
        check()


def test_every_check_is_seen_to_fail():
    others = {"its_settings_are_frozen", "a_changed_file_is_refused"}  # in tests of their own
    names = {check.name for check in contender_checks("majority")}
    assert names == {*CAUGHT_BY.values(), *OF_LANGUAGE.values(), *others}
