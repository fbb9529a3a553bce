"""Names and what they load."""

from __future__ import annotations

import sys

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.core.registry import Registry, load_object

GROUP = "bakeoff.test_things"


def make_registry(**built_in):
    return Registry(what="thing", built_in=built_in, group=GROUP)


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that pretends to install a package with entry points."""

    def pretend(package, **points):
        facts = tmp_path / f"{package}-1.0.dist-info"
        facts.mkdir()
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        lines = [f"[{GROUP}]", *(f"{name} = {target}" for name, target in points.items())]
        (facts / "entry_points.txt").write_text("\n".join(lines) + "\n")
        monkeypatch.syspath_prepend(str(tmp_path))

    return pretend


def test_listing_names_imports_nothing():
    registry = make_registry(shelf="no_such_module:Thing")
    assert registry.names() == ("shelf",)


def test_an_entry_is_loaded_when_it_is_asked_for():
    assert make_registry(path="os:path.join").load("path") is __import__("os").path.join


def test_other_packages_add_names_by_entry_points(install):
    install("guest", extra="json:dumps")
    registry = make_registry(own="json:loads")
    assert registry.names() == ("own", "extra")
    assert registry.load("extra") is __import__("json").dumps


def test_a_name_taken_twice_is_an_error_that_names_both(install):
    install("guest", own="json:dumps")
    with pytest.raises(UsageError, match="taken twice") as caught:
        make_registry(own="json:loads").load("own")
    assert "json:loads and json:dumps" in str(caught.value)


def test_two_packages_may_not_share_a_name(install):
    install("first", extra="json:dumps")
    install("second", extra="json:loads")
    with pytest.raises(UsageError, match="taken twice"):
        make_registry().names()


def test_the_same_target_twice_is_no_quarrel(install):
    install("again", own="json:loads")
    assert make_registry(own="json:loads").names() == ("own",)


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'shelf'") as caught:
        make_registry(shelf="json:loads").load("shelv")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("target", ["no_such_module:Thing", "json:no_such_thing"])
def test_a_target_that_is_not_there_is_named(target):
    with pytest.raises(UsageError, match=target):
        load_object(target)
    assert "no_such_module" not in sys.modules
