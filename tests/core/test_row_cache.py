"""Rows are made once, whoever asks for them; what is damaged is made again."""

import numpy as np
import pytest

from bakeoff.core import row_cache
from bakeoff.core.hashing import hash_text
from bakeoff.core.row_cache import RowCache
from bakeoff.core.store import Store

KEYS = [hash_text(str(number)) for number in range(10)]


class Maker:
    def __init__(self, keys):
        self.keys = keys
        self.made = []

    def __call__(self, positions):
        self.made += [self.keys[i] for i in positions]
        return np.array([[int(self.keys[i][:6], 16), i] for i in positions], dtype=np.float32)


@pytest.fixture
def cache(tmp_path):
    return RowCache(Store(tmp_path, "features"), {"model": "a"}, 2)


def test_each_row_is_made_once_and_found_by_its_content(cache):
    first, second = Maker(KEYS), Maker(KEYS[::-1])
    got = cache.rows(KEYS, first)
    again = cache.rows(KEYS[::-1], second)
    np.testing.assert_array_equal(again.values, got.values[::-1])
    assert sorted(first.made) == sorted(KEYS)
    assert second.made == []


def test_only_rows_that_are_absent_are_made(cache):
    cache.rows(KEYS[:6], Maker(KEYS))
    maker = Maker(KEYS)
    cache.rows(KEYS, maker)
    assert sorted(maker.made) == sorted(KEYS[6:])


def test_a_row_that_stands_twice_is_made_once(cache):
    keys = [KEYS[0], KEYS[1], KEYS[0]]
    maker = Maker(keys)
    got = cache.rows(keys, maker)
    assert len(maker.made) == 2
    np.testing.assert_array_equal(got.values[0], got.values[2])


def test_another_model_finds_nothing(cache):
    cache.rows(KEYS, Maker(KEYS))
    maker = Maker(KEYS)
    RowCache(cache.store, {"model": "b"}, 2).rows(KEYS, maker)
    assert len(maker.made) == len(KEYS)


def test_a_damaged_file_is_made_again(cache, tmp_path):
    want = cache.rows(KEYS, Maker(KEYS)).values
    (path,) = tmp_path.rglob("*.npz")
    path.write_bytes(path.read_bytes()[:-7])
    maker = Maker(KEYS)
    np.testing.assert_array_equal(cache.rows(KEYS, maker).values, want)
    assert len(maker.made) == len(KEYS)


def test_what_another_process_made_meanwhile_is_taken(cache, monkeypatch):
    monkeypatch.setattr(row_cache, "CHUNK_ROWS", 2)

    class Racing(Maker):
        def __call__(self, positions):
            if not self.made:
                cache.rows(KEYS, Maker(KEYS))  # another process makes them all
            return super().__call__(positions)

    maker = Racing(KEYS)
    cache.rows(KEYS, maker)
    assert len(maker.made) == 2


def test_found_rows_are_charged_at_what_they_took(cache, monkeypatch):
    clock = iter([10.0, 15.0])
    monkeypatch.setattr(row_cache.time, "process_time", lambda: next(clock))
    assert cache.rows(KEYS, Maker(KEYS)).cached_cpu_s == 0
    assert cache.rows(KEYS[:4], Maker(KEYS)).cached_cpu_s == pytest.approx(2.0)


def test_a_store_that_keeps_nothing_makes_every_row_each_time(tmp_path):
    cache = RowCache(Store(tmp_path, "features", keep=False), {"model": "a"}, 2)
    for _ in range(2):
        maker = Maker(KEYS)
        cache.rows(KEYS, maker)
        assert len(maker.made) == len(KEYS)
    assert not list(tmp_path.rglob("*.npz"))


def test_no_rows_are_no_work(cache):
    assert cache.rows([], Maker([])).values.shape == (0, 2)
