import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.data.audit import near_texts
from bakeoff.data.audit.near_texts import fold, jaccard, near_text_clusters

SENTENCE = "The quick brown fox jumps over the lazy dog while the cat sleeps in the warm sun"


def _together(texts):
    first, second = near_text_clusters(texts)
    return first == second


@pytest.mark.parametrize(
    ("second", "together"),
    [
        (SENTENCE.upper(), True),
        (SENTENCE.replace(" ", "  \n"), True),
        (SENTENCE + "!", True),
        (SENTENCE.replace("sun", "sea"), True),
        (SENTENCE.replace("fox", "elephant").replace("cat", "kitten"), False),
        (SENTENCE[:40], False),
    ],
)
def test_case_space_and_a_letter_do_not_matter(second, together):
    assert _together([SENTENCE, second]) is np.bool_(together)


def test_texts_shorter_than_a_shingle_are_equal_or_not():
    clusters = near_text_clusters(["ok", "OK ", "no", "", " "])
    assert clusters.tolist()[0] == clusters.tolist()[1]
    assert len(set(clusters.tolist())) == 3


def test_chinese_texts_are_compared_by_characters():
    text = "很快，好吃，味道足，量大，送餐员态度也非常好，下次还会再来点这家的外卖的"
    assert _together([text, text + "啊"])


def _brute_force(texts):
    folded = [fold(text) for text in texts]
    return {
        (i, j)
        for i in range(len(texts))
        for j in range(i)
        if folded[i] == folded[j]
        or (min(len(folded[i]), len(folded[j])) >= 5 and jaccard(folded[i], folded[j]) >= 0.9)
    }


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 60), st.sampled_from("ab ")),
        min_size=2,
        max_size=12,
    )
)
@settings(max_examples=200, deadline=None)
def test_every_near_pair_is_found_and_no_other_starts_a_cluster(edits):
    base = ["".join(np.random.default_rng(i).choice(list("abcdefgh "), 70)) for i in range(4)]
    texts = [base[which][:at] + letter + base[which][at:] for which, at, letter in edits]
    clusters = near_text_clusters(texts)
    pairs = _brute_force(texts)
    assert all(clusters[i] == clusters[j] for i, j in pairs)
    joined = np.arange(len(texts))
    for i, j in sorted(pairs):
        joined[joined == joined[i]] = joined[j]
    assert len(np.unique(clusters)) == len(np.unique(joined))


def test_a_sample_of_shingles_finds_the_same_pairs(monkeypatch):
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(list("abcdefghijklmnop "), 400)) for _ in range(200)]
    texts += [text[:200] + "x" + text[201:] for text in texts]
    monkeypatch.setattr(near_texts, "_MOST_WINDOWS", len(texts) * 100)
    clusters = near_text_clusters(texts)
    assert (clusters[:200] == clusters[200:]).all()
    assert len(np.unique(clusters)) == 200


def test_copies_by_the_thousand_become_one_cluster():
    body = "the same long announcement that everybody received in the morning " * 3
    clusters = near_text_clusters([f"{body}{number}" for number in range(3_000)])
    assert len(np.unique(clusters)) == 1
