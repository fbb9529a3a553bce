"""What encoders that go on learning promise, tried on a tiny one with random weights."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.pretrained.finetuned import EncoderFineTuned
from bakeoff.contenders.pretrained.lora import EncoderLora
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ArtefactError, ContenderError, UsageError
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.examples import Examples
from bakeoff.testing import context, specimen
from bakeoff.testing.check import NotTestableError
from bakeoff.testing.contenders.bench import Bench, contender_check
from bakeoff.testing.fresh_process import predict_elsewhere

# fp32: what two threads add up in another order may differ in the last digits only there.
QUICK = {"least_steps": 0, "precision": "fp32", "batch_rows": 16, "patience": 9}
FINETUNED = EncoderFineTuned(epochs=6, learning_rate=0.005, head_rate_factor=1.0, **QUICK)
LORA = EncoderLora(epochs=6, learning_rate=0.01, head_rate_factor=10.0, targets="all", **QUICK)
BOTH = [pytest.param(FINETUNED, id="finetuned"), pytest.param(LORA, id="lora")]


@pytest.fixture(scope="module")
def benches(tiny):
    made = {}

    def bench(contender):
        name = contender.card.name
        if name not in made:
            made[name] = Bench(replace(contender, encoder=str(tiny())), ("text", "text pair"))
        return made[name]

    return bench


@pytest.mark.parametrize("check", contender_check.all(), ids=lambda check: check.name)
@pytest.mark.parametrize("contender", BOTH)
def test_the_contract_is_kept(check, contender, benches):
    try:
        check.run(benches(contender))
    except NotTestableError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def texts():
    return specimen("text", n_classes=5)


def fitted_on(contender, specimen, folder, **settings):
    made = replace(contender, encoder=str(folder), **settings)
    return made, made.fit(specimen.train, specimen.valid, context())


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("epochs=0", "epochs=0 is too small"),
        ("least_steps=-1", "least_steps=-1 is too small"),
        ("learning_rate=-1.0", "learning_rate is -1"),
        ("rows=0", "rows=0 is too small"),
        ("longest=2", "longest=2 is too small"),
        ("dropout=1.0", "dropout=1.0 is out of range"),
        ("encoder_dropout=-0.5", "encoder_dropout=-0.5 is out of range"),
        ("pooling=max", "pooling=max is not known"),
        ("precision=fp16", "precision is 'fp16'"),
    ],
)
@pytest.mark.parametrize("name", ["encoder-finetuned", "encoder-lora"])
def test_a_setting_out_of_its_range_is_refused(name, setting, message):
    with pytest.raises(UsageError, match=message):
        make_contender(f"{name}@{setting}")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("rank=0", "rank=0 is too small"),
        ("alpha=0.0", "alpha=0.0 is too small"),
        ("lora_dropout=1.0", "lora_dropout=1.0 is out of range"),
        ("targets=attentoin", "attention"),
    ],
)
def test_a_setting_of_lora_out_of_its_range_is_refused(setting, message):
    with pytest.raises(UsageError, match=message):
        make_contender(f"encoder-lora@{setting}")


def test_freezing_every_block_is_refused(texts, tiny):
    with pytest.raises(UsageError, match="freeze=-1"):
        make_contender("encoder-finetuned@freeze=-1")
    with pytest.raises(ContenderError, match="nothing of the encoder's 2 blocks"):
        fitted_on(FINETUNED, texts, tiny(), freeze=2)


def test_frozen_blocks_and_embeddings_stay_as_they_are(texts, tiny):
    from safetensors.torch import load_file

    _, fitted = fitted_on(FINETUNED, texts, tiny(), freeze=1, epochs=1)
    before = load_file(tiny() / "model.safetensors")
    after = fitted.tuned.model.state_dict()
    changed = {name for name in after if not before[name].equal(after[name])}
    assert changed
    assert all(name.startswith("encoder.layer.1.") for name in changed)
    assert fitted.facts().trained_parameters < fitted.facts().parameters / 2


@pytest.mark.parametrize("contender", BOTH)
def test_on_few_rows_it_sees_no_others(contender, texts, tiny):
    """Rows that were not drawn may hold anything; another seed draws others."""
    from bakeoff.models.few_rows import draw_rows

    drawn = draw_rows(texts.train.targets, 20, 0)
    few = replace(texts, train=texts.train.take(drawn))
    same = fitted_on(contender, few, tiny(), epochs=1)[1]
    whole = fitted_on(contender, texts, tiny(), epochs=1, rows=20)[1]
    inputs = texts.fresh.inputs
    assert whole.predict(inputs, context()).table.equals(same.predict(inputs, context()).table)


def test_few_rows_are_not_outweighed_by_those_for_early_stopping(tiny, monkeypatch):
    from bakeoff.training import loop

    seen = []
    real = loop.train

    def watched(net, learn, held_out, *others, **named):
        seen.append((len(learn.targets), len(held_out.targets)))
        return real(net, learn, held_out, *others, **named)

    monkeypatch.setattr(loop, "train", watched)
    many = specimen("text", sizes=(72, 500, 1))
    fitted_on(FINETUNED, many, tiny(), epochs=1, rows=20)
    assert seen == [(20, 200)]


def test_few_rows_are_passed_over_more_often():
    contender = EncoderFineTuned(epochs=2, least_steps=100, batch_rows=10, patience=1)
    assert contender.recipe(10_000, None).epochs == 2
    few = contender.recipe(95, None)
    assert (few.epochs, few.patience) == (10, 5)
    assert contender.recipe(95, 3).epochs == 3


def test_the_title_says_on_how_many_rows(tiny):
    assert make_contender("encoder-finetuned@rows=500").name == "encoder-finetuned@rows=500"
    assert make_contender("encoder-finetuned:/some/BERT").title() == "BERT fine-tuned"


@pytest.mark.parametrize("contender", BOTH)
def test_a_saved_model_is_the_same_in_a_new_process(contender, texts, tiny, tmp_path):
    made, fitted = fitted_on(contender, texts, tiny(), epochs=1, precision="bf16")
    save_model(made, texts.task, fitted, tmp_path)
    wanted = fitted.predict(texts.fresh.inputs, context()).table
    assert predict_elsewhere(tmp_path, texts.fresh.inputs).table.equals(wanted)
    again = load_model(tmp_path).fitted
    assert again.facts() == fitted.facts()


def test_a_fine_tuned_model_needs_its_first_encoder_no_more(texts, tmp_path):
    from bakeoff.testing.tiny_encoder import tiny_encoder

    first = tiny_encoder(tmp_path / "first", seed=3)
    made, fitted = fitted_on(FINETUNED, texts, first, epochs=1)
    save_model(made, texts.task, fitted, tmp_path / "model")
    (tmp_path / "first").rename(tmp_path / "gone")
    moved = (tmp_path / "model").rename(tmp_path / "moved")
    found = load_model(moved).fitted.predict(texts.fresh.inputs, context())
    assert found.table.equals(fitted.predict(texts.fresh.inputs, context()).table)


def test_a_fine_tuned_encoder_is_a_checkpoint_like_any_other(texts, tiny, tmp_path):
    made, fitted = fitted_on(FINETUNED, texts, tiny(), epochs=1)
    save_model(made, texts.task, fitted, tmp_path)
    frozen = make_contender(f"encoder-frozen:{tmp_path / 'encoder'}")
    assert frozen.refuses(texts.task) is None


def test_what_lora_saves_is_small_and_names_its_encoder(texts, tiny, tmp_path):
    made, fitted = fitted_on(LORA, texts, tiny(), epochs=1, targets="attention", rank=2)
    save_model(made, texts.task, fitted, tmp_path)
    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert size < (tiny() / "model.safetensors").stat().st_size / 4
    assert json.loads((tmp_path / "state.json").read_text())["encoder"] == str(tiny())
    # Two layers of two matrices each: A is 2 x 32, B 32 x 2; and a head of 5 classes.
    assert fitted.facts().trained_parameters == 2 * 2 * 2 * 64 + 5 * 33


def test_lora_without_its_encoder_is_refused(texts, tmp_path):
    from bakeoff.testing.tiny_encoder import tiny_encoder

    first = tiny_encoder(tmp_path / "first", seed=4)
    made, fitted = fitted_on(LORA, texts, first, epochs=1)
    save_model(made, texts.task, fitted, tmp_path / "model")
    tiny_encoder(first, seed=5)
    with pytest.raises(ArtefactError, match="is not here, or its files were changed"):
        load_model(tmp_path / "model")


def test_a_saved_model_of_another_architecture_is_refused(texts, tiny, tmp_path):
    made, fitted = fitted_on(FINETUNED, texts, tiny(), epochs=1)
    fitted.save(tmp_path)
    config = json.loads((tmp_path / "encoder" / "config.json").read_text())
    config["num_hidden_layers"] = 3
    (tmp_path / "encoder" / "config.json").write_text(json.dumps(config))
    with pytest.raises(ArtefactError, match="is not what its config"):
        made.load(tmp_path, texts.task)


def test_a_head_of_another_task_is_refused(texts, tiny, tmp_path):
    made, fitted = fitted_on(LORA, texts, tiny(), epochs=1)
    fitted.save(tmp_path)
    with pytest.raises(ArtefactError, match="head is of another task"):
        made.load(tmp_path, replace(texts.task, classes=("a", "b")))


def test_an_adapter_of_other_settings_is_refused(texts, tiny, tmp_path):
    made, fitted = fitted_on(LORA, texts, tiny(), epochs=1)
    fitted.save(tmp_path)
    with pytest.raises(ArtefactError, match="does not fit its encoder"):
        replace(made, rank=4).load(tmp_path, texts.task)


@pytest.mark.parametrize("contender", BOTH)
def test_a_killed_fit_goes_on_to_the_same_model(contender, texts, tiny, tmp_path, monkeypatch):
    from bakeoff.training.checkpoints import Checkpoints

    made = replace(contender, encoder=str(tiny()), epochs=2)
    whole = made.fit(texts.train, texts.valid, context())

    class KilledError(Exception):
        pass

    write = Checkpoints.write

    def write_and_die(self, snapshot):
        write(self, snapshot)
        if snapshot.progress.step == 7:
            raise KilledError

    lines = []
    place = replace(context(tmp_path), log=lines.append)
    with monkeypatch.context() as patched:
        patched.setattr(Checkpoints, "due", lambda self, step: True)
        patched.setattr(Checkpoints, "write", write_and_die)
        with pytest.raises(KilledError):
            made.fit(texts.train, texts.valid, place)
    resumed = made.fit(texts.train, texts.valid, place)
    assert any("goes on after step 7" in line for line in lines)
    for name, weight in whole.tuned.net.state_dict().items():
        assert weight.equal(resumed.tuned.net.state_dict()[name]), name


def test_a_token_table_cut_down_changes_nothing(texts, tiny, monkeypatch):
    from bakeoff.training import narrow

    inputs = texts.fresh.inputs
    small = fitted_on(FINETUNED, texts, tiny(), epochs=2)[1]
    monkeypatch.setattr(narrow, "MOST", 0.0)
    whole = fitted_on(FINETUNED, texts, tiny(), epochs=2)[1]
    table = whole.tuned.model.get_input_embeddings().weight
    np.testing.assert_allclose(
        small.tuned.model.get_input_embeddings().weight.detach(), table.detach(), atol=1e-5
    )
    np.testing.assert_allclose(
        small.predict(inputs, context()).probabilities,
        whole.predict(inputs, context()).probabilities,
        atol=1e-4,
    )


@pytest.mark.parametrize("architecture", ["vit", "resnet"])
def test_an_encoder_of_pictures_goes_on_learning(architecture, tiny, tmp_path):
    rows = specimen("image")
    contender = replace(FINETUNED, learning_rate=0.02, epochs=8)
    made, fitted = fitted_on(contender, rows, tiny(architecture))
    found = fitted.predict(rows.fresh.inputs, context())
    assert (found.codes == rows.fresh.targets).mean() > 0.8
    alone = fitted.predict(rows.fresh.inputs.take([3]), context())
    np.testing.assert_allclose(alone.probabilities[0], found.probabilities[3], atol=1e-5)
    save_model(made, rows.task, fitted, tmp_path)
    again = load_model(tmp_path).fitted.predict(rows.fresh.inputs, context())
    assert again.table.equals(found.table)


def test_lora_has_nothing_to_add_to_convolutions(tiny):
    with pytest.raises(ContenderError, match="no linear layers"):
        fitted_on(LORA, specimen("image"), tiny("resnet"))


def test_two_pictures_a_row_are_refused(tiny):
    rows = specimen("image")
    column = rows.task.inputs[0]
    task = replace(rows.task, inputs=(column, replace(column, name="other")))
    assert "one picture a row" in replace(FINETUNED, encoder=str(tiny("vit"))).refuses(task)


def test_half_a_decoder_is_refused(texts, tiny, tmp_path):
    for path in tiny().iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"is_encoder_decoder": True}))
    assert "half a decoder" in replace(FINETUNED, encoder=str(tmp_path)).refuses(texts.task)


def test_rows_of_one_text_and_none_are_read(texts, tiny):
    fitted = fitted_on(FINETUNED, texts, tiny(), epochs=1)[1]
    inputs = texts.fresh.inputs.take([0, 1])
    empty = inputs.table.set_column(0, "text", [["", None]])
    found = fitted.predict(Inputs(inputs.ids, empty, inputs.columns), context())
    assert not found.is_missing.any()
    assert isinstance(texts.train, Examples)
