"""From text to checkpoint: read by transformers, exact after a stop, other settings refused."""

import shutil

import pytest
import torch
from transformers import AutoModel, AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer

from bakeoff.apps.pretrain.record import Pretraining
from bakeoff.apps.pretrain.run import pretrain_text
from bakeoff.core.errors import ArtefactError, DataError, UsageError
from bakeoff.models.encoders import quietly
from bakeoff.results.codec import from_json
from bakeoff.training.fit import Hooks

WEIGHTS = "model.safetensors"
HEADS = {"clm": AutoModelForCausalLM, "mlm": AutoModelForMaskedLM, "mlm+nsp": AutoModelForMaskedLM}


@pytest.fixture(scope="module", params=list(HEADS))
def made(request, settings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "model"
    return request.param, folder, pretrain_text(settings(request.param), folder)


def test_the_folder_is_an_ordinary_checkpoint(made):
    objective, folder, _ = made
    with quietly():
        model = HEADS[objective].from_pretrained(folder, local_files_only=True).eval()
        body = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    asked = tokenizer("the food is great", return_tensors="pt", return_token_type_ids=False)
    assert model(**asked).logits.shape[-1] == len(tokenizer)
    torch.testing.assert_close(
        body(**asked).last_hidden_state, model.base_model(**asked).last_hidden_state
    )
    assert not (folder / ".pretraining").exists()


def test_it_learned(made):
    _, _, record = made
    assert record.passes[-1].train_loss < record.passes[0].train_loss
    assert record.valid_loss == min(each.valid_loss for each in record.passes)


def test_the_record_stands_beside_and_says_what_was_measured(made):
    objective, folder, record = made
    path = folder / "pretraining.json"
    assert from_json(Pretraining, path.read_bytes(), where=str(path)) == record
    assert len(record.passes) == 2
    assert record.speed.tokens_per_second > 0
    assert 0 < record.speed.peak_share < 1
    assert (record.bits_per_byte is None) == (objective != "clm")


def test_a_finished_one_is_not_trained_again(made, settings):
    objective, folder, record = made
    lines = []
    assert pretrain_text(settings(objective), folder, log=lines.append) == record
    assert lines == [f"{folder} is done already"]


def test_bits_per_byte_are_nats_over_the_bytes(made):
    objective, _, record = made
    if objective == "clm":
        nats = record.valid_loss * record.held_out.tokens
        assert record.bits_per_byte == pytest.approx(nats / 0.693147 / record.held_out.bytes, 1e-4)


class StoppedError(Exception):
    """As if the process had been killed after a step."""


def _stop_after(stopped):
    def after(step):
        if step == stopped:
            raise StoppedError

    return after


@pytest.mark.parametrize(
    ("objective", "changes"),
    [
        ("clm", {"optimiser": "muon", "schedule": "trapezoid"}),
        ("mlm", {"accumulate": 2}),
        ("mlm+nsp", {}),
    ],
)
def test_a_stopped_one_goes_on_to_the_same_weights(settings, tmp_path, objective, changes):
    asked = settings(objective, **changes)
    whole = pretrain_text(asked, tmp_path / "whole")
    steps = whole.steps
    folder = tmp_path / "stopped"
    # In the first pass; between two checkpoints; at the end of a pass; at the very last step.
    for stopped in (1, steps // 2 - 1, steps // 2, steps):
        with pytest.raises(StoppedError):
            pretrain_text(asked, folder, hooks=Hooks(2, _stop_after(stopped)))
    found = pretrain_text(asked, folder, hooks=Hooks(2))
    assert (folder / WEIGHTS).read_bytes() == (tmp_path / "whole" / WEIGHTS).read_bytes()
    assert found.passes == whole.passes


def test_other_settings_are_refused_on_resume_and_after(settings, tmp_path, text):
    with pytest.raises(StoppedError):
        pretrain_text(settings(), tmp_path / "m", hooks=Hooks(1, _stop_after(2)))
    with pytest.raises(UsageError, match=r"was begun with other.*\n.*seed: 0, now 1"):
        pretrain_text(settings(seed=1), tmp_path / "m")
    pretrain_text(settings(), tmp_path / "m")
    with pytest.raises(UsageError, match=r"is done with other.*\n.*epochs: 2, now 3"):
        pretrain_text(settings(epochs=3), tmp_path / "m")
    other = tmp_path / "text.txt"
    shutil.copyfile(text, other)
    other.write_text(text.read_text() + "\nmore")
    with pytest.raises(UsageError, match="text: "):
        pretrain_text(settings(sources=(str(other),)), tmp_path / "m")


def test_before_anything_was_learned_settings_may_change(settings, tmp_path):
    with pytest.raises(DataError, match="are needed at least"):
        pretrain_text(settings(length=4000, vocabulary=400), tmp_path / "m")
    assert pretrain_text(settings(epochs=1), tmp_path / "m").vocabulary <= 300


def test_a_folder_of_something_else_is_left_alone(settings, tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match=r"it holds 'mine\.txt'"):
        pretrain_text(settings(), tmp_path)
    with pytest.raises(UsageError, match="it is a file"):
        pretrain_text(settings(), tmp_path / "mine.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_text_shorter_than_a_row_is_refused(settings, tmp_path):
    path = tmp_path / "short.txt"
    path.write_text("one line\n")
    with pytest.raises(DataError, match="are needed at least"):
        pretrain_text(settings(sources=(str(path),), held_out=0.0, length=256), tmp_path / "m")


def test_it_goes_on_from_a_checkpoint_with_its_tokenizer(made, settings, tmp_path):
    objective, folder, record = made
    again = settings(
        objective, begin_from=str(folder), layers=None, width=None, heads=None, epochs=1
    )
    found = pretrain_text(again, tmp_path / "more")
    assert found.parameters == record.parameters
    assert found.passes[0].train_loss < record.passes[0].train_loss
    assert found.vocabulary == record.vocabulary


def test_going_on_with_another_kind_of_model_is_refused(made, settings, tmp_path):
    objective, folder, _ = made
    bare = {"begin_from": str(folder), "layers": None, "width": None, "heads": None}
    if objective == "clm":
        with pytest.raises(ArtefactError, match="has no cls_token"):
            pretrain_text(settings("mlm", **bare), tmp_path / "m")
    else:
        with pytest.raises(ArtefactError, match="has no eos_token"):
            pretrain_text(settings("clm", **bare), tmp_path / "m")
    with pytest.raises(UsageError, match="the model reads 16 tokens"):
        pretrain_text(settings(objective, **bare, length=32), tmp_path / "n")


def test_a_tokenizer_that_is_there_is_taken(made, settings, tmp_path):
    objective, folder, record = made
    found = pretrain_text(settings(objective, tokenizer=str(folder), epochs=1), tmp_path / "m")
    assert found.vocabulary == record.vocabulary
    assert (tmp_path / "m" / "tokenizer.json").read_bytes() == (
        folder / "tokenizer.json"
    ).read_bytes()


def test_a_folder_without_tokenizer_is_told(settings, tmp_path):
    with pytest.raises(ArtefactError, match="there is no tokenizer in"):
        pretrain_text(settings(tokenizer=str(tmp_path)), tmp_path / "m")
