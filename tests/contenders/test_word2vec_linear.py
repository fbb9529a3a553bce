from __future__ import annotations

import pytest

pytest.importorskip("gensim")

from bakeoff.contenders.embeddings.word2vec_linear import Word2VecLinear
from bakeoff.models import word_vectors
from bakeoff.models.word_vectors import WordVectors


def test_words_in_like_company_have_like_vectors():
    texts = [f"the {a} eats {b} food" for a in ("cat", "dog") for b in ("good", "bad")] * 60
    texts += ["numbers seven eight add up to many"] * 200
    found = WordVectors.fit(texts, size=20, window=3, epochs=20, seed=0)
    cat, dog, seven = found.means(["cat", "dog", "seven"])
    assert cat @ dog > cat @ seven


def test_another_seed_gives_other_vectors(reviews, context):
    texts = reviews.inputs.texts("text")
    first, again, other = (
        WordVectors.fit(texts, size=8, window=2, epochs=2, seed=seed).vectors for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_texts_of_unknown_words_are_answered(reviews, context):
    fitted = Word2VecLinear(size=10).fit(reviews, None, context)
    assert fitted.vectors.means(["unheard of", ""]).any() == 0


def test_without_gensim_the_pip_line_is_shown(monkeypatch, reviews, context):
    def absent(package, *, extra, needed_by):
        from bakeoff.core.errors import MissingExtraError

        raise MissingExtraError(package, extra=extra, needed_by=needed_by)

    monkeypatch.setattr(word_vectors, "require", absent)
    with pytest.raises(Exception, match=r"pip install 'bakeoff\[text\]'"):
        Word2VecLinear().fit(reviews, None, context)
