"""What several rooms' tests share: one small data set, and runs on it that are made once."""

import csv
import os
import random
import time
from pathlib import Path

import pytest

GOOD = ("great", "lovely", "fine", "superb", "happy")
BAD = ("awful", "poor", "sad", "broken", "terrible")
FILL = ("the", "a", "phone", "food", "battery", "service", "room", "hotel", "with", "very", "quite")
NASTY = "<script>alert(1)</script>"


def make_rows(count=80, seed=0):
    """Return (text, label, gpt) rows: a plain model gets most of them, 'gpt' nine of ten."""
    rng = random.Random(seed)
    rows = []
    for number in range(count):
        good = number % 2 == 1
        words = [rng.choice(FILL) for _ in range(6)]
        if rng.random() < 0.8:
            words.append(rng.choice(GOOD if good else BAD))
        rng.shuffle(words)
        label = "pos" if good else "neg"
        wrong = "neg" if good else "pos"
        text = f"{words[0]} {NASTY} {' '.join(words[1:])} {number}"
        rows.append((text, label, label if rng.random() < 0.9 else wrong))
    return rows


def write_rows(path: Path, rows, header=("text", "label", "gpt")) -> Path:
    with path.open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([header, *rows])
    return path


@pytest.fixture(scope="session")
def review_rows():
    """Return the function that makes the reviews' rows."""
    return make_rows


@pytest.fixture(scope="session")
def write():
    """Return the function that writes rows to a CSV file."""
    return write_rows


@pytest.fixture(scope="session", autouse=True)
def _own_store(tmp_path_factory):
    """Keep the tests out of the user's store, and the user's store out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAKEOFF_CACHE", str(tmp_path_factory.mktemp("store")))
        yield


@pytest.fixture(scope="session")
def reviews(tmp_path_factory) -> Path:
    """A file of 80 reviews with answers: one in four is missing, a few are no label."""
    rows = [
        (text, label, ("" if number % 4 == 0 else "Positive!" if number % 15 == 0 else answer))
        for number, (text, label, answer) in enumerate(make_rows())
    ]
    return write_rows(tmp_path_factory.mktemp("data") / "reviews.csv", rows)


QUICK = ("--preset", "quick", "--folds", "2", "--workers", "1")


@pytest.fixture(scope="session")
def call():
    """Return a function that runs a command line here and returns exit code, stdout, stderr."""
    import contextlib
    import io

    from bakeoff.cli import _main

    def call(*arguments, cwd=None):
        out, err = io.StringIO(), io.StringIO()
        before = Path.cwd()
        os.chdir(cwd or before)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = _main([str(argument) for argument in arguments])
        finally:
            os.chdir(before)
        return code, out.getvalue(), err.getvalue()

    return call


@pytest.fixture(scope="session")
def finished(reviews, call, tmp_path_factory):
    """A finished run: (folder, the command's arguments, exit code, stdout, stderr)."""
    folder = tmp_path_factory.mktemp("runs") / "reviews"
    arguments = (
        *("run", reviews, "--target", "label", "--answers", "gpt", "--answers-price", "4/1000"),
        *("--contenders", "ngram-linear,cascade:ngram-linear>answers:gpt", "--out", folder),
        *QUICK,
    )
    return folder, arguments, *call(*arguments)


@pytest.fixture(scope="session")
def refused(call):
    """Return a function that asserts that a command line is refused, in these words."""

    def refused(code, arguments, *says, cwd=None):
        got, out, err = call(*arguments, cwd=cwd)
        assert (got, out) == (code, ""), err
        assert any(line.startswith("error: ") for line in err.splitlines())
        assert "Traceback" not in err
        for words in says:
            assert words in err
        return err

    return refused


KEY = "sk-canary-"
"""How every key begins that a test puts into the environment."""


def files_with_a_key(folder, since_ns=0):
    """Return the files below a folder, written since then, that hold a test's key."""
    written = (p for p in Path(folder).rglob("*") if p.is_file() and not p.is_symlink())
    return [
        p for p in written if p.stat().st_mtime_ns >= since_ns and KEY.encode() in p.read_bytes()
    ]


@pytest.fixture(scope="session")
def keys_in():
    """Return the function that finds files with a test's key."""
    return files_with_a_key


@pytest.fixture(autouse=True)
def _no_key_is_left_behind(request):
    """Sweep folder and store after each test that stands before an endpoint: no key is in them."""
    if not {"ReplayServer", "FaultProxy"} & set(vars(request.module)):
        yield
        return
    monkeypatch, folder = (request.getfixturevalue(n) for n in ("monkeypatch", "tmp_path"))
    monkeypatch.setenv("BAKEOFF_LLM_KEY", KEY + "d41d8cd98f00b204")
    began_ns = time.time_ns() - 10**9
    yield
    for place in (folder, os.environ["BAKEOFF_CACHE"]):
        assert not files_with_a_key(place, began_ns)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Let a test fail that printed or logged a key."""
    report = yield
    if KEY in report.capstdout + report.capstderr + report.caplog:
        report.outcome, report.longrepr = "failed", f"{item.nodeid} printed a key"
    return report


CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.fixture(scope="session")
def make_causal():
    """Return a function that writes a tiny causal checkpoint with random weights."""
    return write_causal


def write_causal(folder, architecture="gpt2", *, chat=False, longest=2048, texts=(), seed=0):
    """Write a checkpoint of a few thousand weights; its tokens are learned from ``texts``."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import (
        GPT2Config,
        GPT2LMHeadModel,
        LlamaConfig,
        LlamaForCausalLM,
        PreTrainedTokenizerFast,
    )

    from bakeoff.models.encoders import quietly
    from bakeoff.models.prompting.wording import built_in, load_wording
    from bakeoff.training.seeds import seeded

    marks = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=800,
        special_tokens=marks,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*(load_wording(n).source for n in built_in()), *texts], trainer)
    sizes = {"vocab_size": tokenizer.get_vocab_size(), "initializer_range": 0.3}
    ends = {"bos_token_id": 0, "eos_token_id": 0}
    with seeded(seed, "tiny causal"), quietly():
        if architecture == "gpt2":
            shape = {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": longest}
            model = GPT2LMHeadModel(GPT2Config(**shape, **sizes, **ends))
        else:
            model = LlamaForCausalLM(
                LlamaConfig(
                    hidden_size=32,
                    intermediate_size=64,
                    num_hidden_layers=2,
                    num_attention_heads=4,
                    num_key_value_heads=2,
                    max_position_embeddings=longest,
                    **sizes,
                    **ends,
                )
            )
        model.save_pretrained(folder)
        wrapped = PreTrainedTokenizerFast(
            tokenizer_object=tokenizer,
            eos_token=marks[0],
            model_max_length=longest,
            chat_template=CHAT if chat else None,
        )
        wrapped.save_pretrained(folder)
    return folder
