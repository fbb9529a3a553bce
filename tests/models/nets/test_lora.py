"""Low-rank additions: nothing at first, the same merged, and read by peft."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch import nn

from bakeoff.core.errors import ArtefactError, ContenderError
from bakeoff.models.nets.lora import (
    LoraLinear,
    add_lora,
    is_transposed,
    load_lora,
    lora_weights,
    merge_lora,
    save_lora,
)
from bakeoff.training.seeds import seeded


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(6, 4)
        self.value = nn.Linear(6, 4)
        self.output = nn.Linear(4, 6)

    def forward(self, x):
        return self.output(self.query(x) * self.value(x))


@pytest.fixture
def rows():
    with seeded(1):
        return torch.randn(5, 6)


def made(**settings):
    with seeded(0):
        model = nn.Sequential(Attention(), Attention())
        add_lora(model, rank=2, alpha=8.0, **settings)
    return model


def learned(**settings):
    model = made(**settings)
    with seeded(2), torch.no_grad():
        for module in model.modules():
            if isinstance(module, LoraLinear):
                module.lora_B.normal_()
    return model


@pytest.mark.parametrize(("targets", "layers"), [("attention", 4), ("all", 6)])
def test_additions_alone_learn(targets, layers):
    model = made(targets=targets)
    learning = [name for name, weight in model.named_parameters() if weight.requires_grad]
    assert len(learning) == 2 * layers
    assert all("lora_" in name for name in learning)


def test_additions_change_nothing_at_first(rows):
    with seeded(0):
        plain = nn.Sequential(Attention(), Attention())
    torch.testing.assert_close(made()(rows), plain(rows), rtol=0, atol=0)


@pytest.mark.parametrize("targets", ["attention", "all"])
def test_merged_equals_unmerged(rows, targets):
    model = learned(targets=targets)
    wanted = model(rows)
    assert not torch.allclose(wanted, made(targets=targets)(rows), atol=1e-2)
    merge_lora(model)
    torch.testing.assert_close(model(rows), wanted, rtol=1e-5, atol=1e-5)
    assert not any(isinstance(module, LoraLinear) for module in model.modules())


def test_what_is_saved_is_read_back(rows, tmp_path):
    model = learned()
    save_lora(tmp_path / "adapter", lora_weights(model), rank=2, alpha=8.0)
    other = made()
    load_lora(tmp_path / "adapter", other)
    torch.testing.assert_close(other(rows), model(rows), rtol=0, atol=0)


def test_additions_of_other_layers_or_damaged_are_refused(tmp_path):
    save_lora(tmp_path / "adapter", lora_weights(made()), rank=2, alpha=8.0)
    with pytest.raises(ArtefactError, match="does not fit"):
        load_lora(tmp_path / "adapter", made(targets="all"))
    (tmp_path / "adapter" / "adapter_model.safetensors").write_bytes(b"torn")
    with pytest.raises(ArtefactError, match="cannot be read"):
        load_lora(tmp_path / "adapter", made())


def test_a_model_without_such_layers_is_refused():
    with pytest.raises(ContenderError, match="no linear layers"):
        add_lora(nn.Sequential(nn.Conv2d(3, 4, 3)), rank=2, alpha=8.0, targets="all")


def test_peft_reads_what_is_saved(rows, tmp_path):
    peft = pytest.importorskip("peft")
    model = learned()
    save_lora(tmp_path / "adapter", lora_weights(model), rank=2, alpha=8.0)
    with seeded(0):
        plain = nn.Sequential(Attention(), Attention())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # peft's own, of transformers and of plain modules
        theirs = peft.PeftModel.from_pretrained(plain, str(tmp_path / "adapter"))
    torch.testing.assert_close(theirs.base_model.model(rows), model(rows), rtol=1e-5, atol=1e-5)


def test_layers_of_gpt2_hold_their_weights_the_other_way_round(rows, tmp_path):
    transformers = pytest.importorskip("transformers")
    peft = pytest.importorskip("peft")

    def gpt2():
        shape = {"vocab_size": 20, "n_embd": 8, "n_layer": 2, "n_head": 2, "n_positions": 16}
        with seeded(0):
            return transformers.GPT2Model(transformers.GPT2Config(**shape)).eval()

    tokens, model = torch.arange(12).reshape(2, 6), gpt2()
    add_lora(model, rank=2, alpha=8.0)
    assert sum(isinstance(module, LoraLinear) for module in model.modules()) == 2
    plain = gpt2()(tokens).last_hidden_state
    torch.testing.assert_close(model(tokens).last_hidden_state, plain, rtol=0, atol=0)
    with seeded(2), torch.no_grad():
        for module in model.modules():
            if isinstance(module, LoraLinear):
                module.lora_B.normal_()
    wanted = model(tokens).last_hidden_state
    assert not torch.allclose(wanted, plain, atol=1e-2)
    save_lora(tmp_path / "adapter", lora_weights(model), 2, 8.0, transposed=is_transposed(model))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as above
        theirs = peft.PeftModel.from_pretrained(gpt2(), str(tmp_path / "adapter"))
    torch.testing.assert_close(theirs(tokens).last_hidden_state, wanted, rtol=1e-5, atol=1e-5)
    merge_lora(model)
    torch.testing.assert_close(model(tokens).last_hidden_state, wanted, rtol=1e-5, atol=1e-5)
