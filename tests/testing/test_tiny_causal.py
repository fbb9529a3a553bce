"""The tiny language model is trained, whole, and read by transformers' own classes."""

import pytest

from bakeoff.core.extras import is_installed
from bakeoff.testing.tiny_causal import tiny_causal

pytestmark = pytest.mark.skipif(not is_installed("torch"), reason="needs the extra torch")

TEXTS = [f"the {thing} is {word}" for thing in ("food", "room") for word in ("great", "sad")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_causal(tmp_path_factory.mktemp("tiny"), TEXTS, steps=30)


def test_it_goes_on_as_its_text_does(folder):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from bakeoff.models.encoders import quietly

    with quietly():
        model = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    asked = tokenizer("the room is", return_tensors="pt", return_token_type_ids=False)
    answer = model.generate(**asked, max_new_tokens=2, do_sample=False)
    assert tokenizer.decode(answer[0]) in {
        "the room is great<|endoftext|>",
        "the room is sad<|endoftext|>",
    }


def test_its_tokenizer_has_a_chat_template(folder):
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    asked = [{"role": "user", "content": "the room is"}]
    text = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
    assert text == "user: the room is\nassistant: "


def test_the_same_seed_gives_the_same_weights(folder, tmp_path):
    again = tiny_causal(tmp_path, TEXTS, steps=30)
    name = "model.safetensors"
    assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_no_text_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no text"):
        tiny_causal(tmp_path, ["", ""])
