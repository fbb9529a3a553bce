"""Wordings: those that ship, and a user's own file."""

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.models.prompting.wording import MOST_BYTES, built_in, load_wording

OWN = """{% set version = "mine" %}
{% block system %}Sort {{ target }}.{% endblock %}
{% block row %}{{ row }}{% endblock %}
{% block answer %}{{ answer }}{% endblock %}
"""


def own_file(folder, text):
    path = folder / "mine.jinja"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_three_wordings_ship_with_a_version_and_a_hash_of_their_own():
    wordings = [load_wording(name) for name in built_in()]
    assert {w.name for w in wordings} == {"plain", "described", "careful"}
    assert all(w.version == "1" for w in wordings)
    assert len({w.sha256 for w in wordings}) == 3


def test_a_user_may_give_a_file(tmp_path):
    wording = load_wording(own_file(tmp_path, OWN))
    assert (wording.name, wording.version) == ("mine", "mine")
    assert wording.text("system", {"target": "tone"}) == "Sort tone."


def test_one_changed_letter_changes_the_hash(tmp_path):
    first = load_wording(own_file(tmp_path, OWN)).sha256
    assert load_wording(own_file(tmp_path, OWN.replace("Sort", "sort"))).sha256 != first


def test_line_ends_of_another_system_do_not_change_the_hash(tmp_path):
    first = load_wording(own_file(tmp_path, OWN)).sha256
    assert load_wording(own_file(tmp_path, OWN.replace("\n", "\r\n"))).sha256 == first


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (OWN.replace("{{ target }}", "{{ tarjet }}"), 2, "did you mean 'target'"),
        (OWN.replace("{% block row %}", "{% block rows %}"), 1, "no block 'row'"),
        (OWN.replace("{{ row }}", "the row"), 3, "without its row"),
        (OWN.replace("{{ answer }}", "yes"), 4, "without its answer"),
        (OWN.replace("{{ target }}", "{{ row }}"), 2, "in the block 'system'"),
        (OWN.replace("{{ target }}", "{{ target"), 2, "not a Jinja template"),
        (OWN.replace("{{ target }}", "{% include '/etc/passwd' %}"), 2, "reads another file"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path, text, line, says):
    path = own_file(tmp_path, text)
    with pytest.raises(UsageError, match=says) as caught:
        load_wording(path)
    assert caught.value.where == f"{path}, line {line}"
    assert caught.value.fix


@pytest.mark.parametrize(
    "expression",
    ["{{ classes.nothing }}", "{{ target.__class__.__mro__ }}", "{{ 1 // 0 }}", "{{ target() }}"],
)
def test_what_fails_while_it_is_filled_in_names_line_and_block(tmp_path, expression):
    wording = load_wording(own_file(tmp_path, OWN.replace("{{ target }}", expression)))
    with pytest.raises(UsageError, match="cannot be filled in") as caught:
        wording.text("system", {"target": "tone", "classes": ()})
    assert caught.value.where.endswith("mine.jinja, line 2, block 'system'")


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"\xff\xfe{", "byte 0"), (b"x" * (MOST_BYTES + 1), "65,536 bytes")],
)
def test_a_file_that_is_no_text_or_too_long_is_refused(tmp_path, data, says):
    with pytest.raises(UsageError, match=says):
        load_wording(own_file(tmp_path, data))


def test_a_missing_file_and_an_unknown_name_are_told_apart(tmp_path):
    with pytest.raises(UsageError, match="No such file"):
        load_wording(tmp_path / "none.jinja")
    with pytest.raises(UsageError, match="did you mean 'careful'"):
        load_wording("carefull")
