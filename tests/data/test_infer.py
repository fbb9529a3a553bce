import pyarrow as pa
import pytest

from bakeoff.data.columns import ColumnType
from bakeoff.data.convert import convert
from bakeoff.data.infer import infer_column

FORTY = range(40)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("text", [f"a sentence number {i}" for i in FORTY], "text"),
        ("text", ["很好吃", "不好吃", "味道一般"] + [f"好吃{i}次" for i in FORTY], "text"),
        ("word", [f"word{i}" for i in FORTY], "text"),
        ("long", ["the very same long boilerplate sentence", "another one, just as long as it"] * 20
         + [f"something else that is quite long, number {i}" for i in range(25)], "text"),
        ("label", ["pos", "neg"] * 20, "category"),
        ("area", [f"Business and Economy, section {i % 10}" for i in FORTY], "category"),
        ("intent", [f"intent_{i % 77}" for i in range(3_000)], "category"),
        ("country", ["NA", "DE", "FR", "NA"] * 10, "category"),
        ("price", [str(i * i) for i in FORTY], "number"),
        ("price", [f"{i * 1.5:e}" for i in FORTY], "number"),
        ("price", ["1.5", "NA", "", "-2", ".5", "1e3"] * 5, "number"),
        ("flag", ["0", "1"] * 20, "number"),
        ("day", ["2024-01-31", "2023-02-01"] * 10, "date"),
        ("day", ["2024-01-31T10:00:00Z", "2023-02-01 10:00:00+02:00"] * 10, "date"),
        ("day", ["2024-02-31", "2023-02-01"] * 10, "category"),
        ("id", [f"x{i}" for i in FORTY], "id"),
        ("user_id", [str(i * 7) for i in FORTY], "id"),
        ("userId", [i * 7 for i in FORTY], "id"),
        ("category_id", ["3", "7"] * 20, "category"),
        ("paid", [str(i * i) for i in FORTY], "number"),
        ("valid", ["yes", "no"] * 20, "category"),
        ("n", [str(i) for i in FORTY], "id"),
        ("n", list(FORTY), "id"),
        ("phone", [f"0{i * 131:07}" for i in FORTY], "id"),
        ("zip", ["01234", "98765", "01234", "00501"] * 20, "category"),
        ("big", [str(2**60 + i) for i in FORTY], "id"),
        ("uuid_of_it", [f"123e4567-e89b-12d3-a456-4266141740{i:02}" for i in FORTY], "id"),
        ("file", [f"pictures/{i}.JPG" for i in FORTY], "image"),
        ("nothing", [None] * 5, "category"),
        ("nothing", [""] * 5, "category"),
        ("truth", [True, False], "category"),
    ],
)  # fmt: skip
def test_the_type_is_told_from_the_cells(name, values, expected):
    column = infer_column(name, pa.chunked_array([pa.array(values)]))
    assert column.type == expected, column.reason
    assert column.reason


def _converted(values, kind):
    cells = pa.chunked_array([pa.array(values)])
    return convert(cells, infer_column("x", cells).__class__("x", kind))[0].to_pylist()


def test_numbers_lose_only_words_for_missing_and_infinities():
    values = ["1.5", "NA", "", "-2", "inf", " 3 "]
    assert _converted(values, ColumnType.NUMBER) == [1.5, None, None, -2.0, None, 3.0]


def test_dates_with_a_zone_are_brought_to_utc():
    first, second = _converted(["2024-01-31T12:00:00+02:00", "2024-01-31"], ColumnType.DATE)
    assert first.isoformat() == "2024-01-31T10:00:00"
    assert second.isoformat() == "2024-01-31T00:00:00"


def test_whole_floats_are_categories_without_a_point():
    assert _converted([1.0, 2.5, None], ColumnType.CATEGORY) == ["1", "2.5", None]
