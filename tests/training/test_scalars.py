"""Curves for TensorBoard: written where they were asked for, and only there."""

import pytest

from bakeoff.core import extras
from bakeoff.core.errors import MissingExtraError
from bakeoff.training.loop import train
from bakeoff.training.recipe import Recipe
from bakeoff.training.scalars import FOLDER, open_scalars

RECIPE = Recipe(epochs=2, batch_rows=20)


def test_none_are_written_unless_asked_for(monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)
    assert open_scalars("key", 0, 0) is None


def test_without_the_package_the_pip_line_is_shown(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setattr(extras, "is_installed", lambda package: False)
    with pytest.raises(MissingExtraError, match=r"pip install 'bakeoff\[tensorboard\]'"):
        open_scalars("key", 0, 0)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_each_fit_has_its_curves_in_a_folder_of_its_own(
    surroundings, token_net, tokens, monkeypatch, tmp_path
):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    monkeypatch.setenv(FOLDER, str(tmp_path / "curves"))
    trained = train(
        token_net(), tokens(40), tokens(8, seed=1), RECIPE, surroundings(seed=7), key="net: a/b"
    )
    (folder,) = (tmp_path / "curves").iterdir()
    assert folder.name == "net_a_b-seed7"
    events = EventAccumulator(str(folder)).Reload()
    valid = [event.value for event in events.Scalars("valid_loss")]
    assert valid == pytest.approx([epoch.valid_loss for epoch in trained.epochs])
    for name in ("train_loss", "learning_rate", "gradient_norm"):
        assert [event.step for event in events.Scalars(name)] == [1, 2, 3, 4]
    means = [event.value for event in events.Scalars("train_loss")]
    assert sum(means[:2]) / 2 == pytest.approx(trained.epochs[0].train_loss)
