from __future__ import annotations

import numpy as np

from bakeoff.models.table_features import CategoryCodes, NumberScales, date_parts


def test_categories_are_numbered_by_how_often_they_occur():
    known = CategoryCodes.fit(["b", "a", "b", None, "c", "a", "b"])
    assert known.values == ("b", "a", "c")
    assert known.codes(["c", None, "new", "b"]).tolist() == [2, -1, -1, 0]
    assert known.one_hot(["a", "new"]).toarray().tolist() == [[0, 1, 0], [0, 0, 0]]


def test_numbers_are_centred_scaled_and_flagged_where_missing():
    numbers = np.asarray([[0.0, np.nan], [2.0, np.nan], [4.0, np.nan], [np.nan, np.nan]])
    scales = NumberScales.fit(numbers)
    found = scales.transform(numbers)
    spread = np.std([0, 2, 4])
    np.testing.assert_allclose(found[:, 0], [-2 / spread, 0, 2 / spread, 0], rtol=1e-6)
    np.testing.assert_array_equal(found[:, 4:], [[0, 1], [0, 1], [0, 1], [1, 1]])
    assert np.isfinite(scales.transform(np.asarray([[1e300, -np.inf]]))).all()


def test_absurd_values_stay_within_bounds():
    scales = NumberScales.fit(np.asarray([[0.0], [1.0]]))
    assert np.abs(scales.transform(np.asarray([[1e12], [-1e12]]))).max() <= 5


def test_dates_of_the_same_hour_and_weekday_are_alike():
    first, second, other = date_parts(np.asarray([10.25, 17.25, 13.75]))
    np.testing.assert_allclose(first[3:], second[3:], atol=1e-9)
    assert np.abs(first[3:] - other[3:]).max() > 0.5
    assert np.isnan(date_parts(np.asarray([np.nan]))).all()
