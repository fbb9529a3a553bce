"""Tokens on disk: no document in both parts, counts that are true, errors that help."""

import numpy as np
import pytest

from bakeoff.apps.pretrain.corpus import make_corpus, texts_to_learn
from bakeoff.apps.pretrain.texts import documents
from bakeoff.core.errors import DataError
from bakeoff.models.environment import one_thread
from bakeoff.models.pretraining.tokenisers import train_tokeniser


@pytest.fixture(scope="module")
def tokenizer(settings):
    with one_thread():
        return train_tokeniser(documents(settings()), causal=True, vocabulary=300, longest=16)


def _decoded(tokenizer, stream):
    return [text for text in tokenizer.decode(np.asarray(stream)).split("<|endoftext|>") if text]


def test_parts_hold_all_documents_and_share_none(settings, tokenizer, tmp_path):
    asked = settings()
    corpus = make_corpus(tmp_path, asked, tokenizer, causal=True)
    learn = _decoded(tokenizer, corpus.learn_stream)
    held_out = _decoded(tokenizer, corpus.held_out_stream)
    assert sorted(learn + held_out) == sorted(documents(asked))
    assert learn == list(texts_to_learn(asked))
    assert (corpus.learn.documents, corpus.held_out.documents) == (len(learn), len(held_out))
    assert corpus.held_out.bytes == sum(map(len, held_out))
    assert corpus.learn.tokens == len(corpus.learn_stream)


def test_what_is_there_is_not_made_again(settings, tokenizer, tmp_path):
    first = make_corpus(tmp_path, settings(), tokenizer, causal=True)
    again = make_corpus(tmp_path, settings(sources=("absent.txt",)), tokenizer, causal=True)
    assert (again.learn_stream == first.learn_stream).all()


def test_an_empty_text_is_refused(settings, tokenizer, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text\n \n")
    with pytest.raises(DataError, match="there is no text in"):
        make_corpus(tmp_path / "c", settings(sources=(str(path),)), tokenizer, causal=True)


def test_one_document_cannot_be_held_out_of(settings, tokenizer, tmp_path):
    asked = settings(split="files", held_out=0.01)
    with pytest.raises(DataError, match=r"--held-out 0"):
        make_corpus(tmp_path, asked, tokenizer, causal=True)
