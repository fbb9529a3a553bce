import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.core.errors import DataError, UserError
from bakeoff.data.load import load_dataset
from bakeoff.data.readers.delimited import read

_CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
_ROWS = st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=12)


@given(rows=_ROWS, delimiter=st.sampled_from(",\t"))
@settings(max_examples=150, deadline=None)
def test_what_a_csv_writer_wrote_is_read_back(tmp_path_factory, rows, delimiter):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("text", "label"), *rows])
    name = "rows.tsv" if delimiter == "\t" else "rows.csv"
    path = tmp_path_factory.mktemp("csv") / name
    path.write_bytes(buffer.getvalue().encode())
    raw = read(path, name)
    assert raw.set_aside == ()
    assert list(zip(*raw.table.to_pydict().values(), strict=True)) == rows


@given(body=st.binary(max_size=200), name=st.sampled_from(["rows.csv", "rows.tsv"]))
@settings(max_examples=400, deadline=None)
def test_rows_in_are_rows_kept_and_rows_set_aside_whatever_the_bytes(tmp_path_factory, body, name):
    path = tmp_path_factory.mktemp("csv") / name
    path.write_bytes(b"text,label\nfine,a\n" + body)
    try:
        raw = read(path, name)
    except DataError:
        return
    assert raw.rows_in == raw.table.num_rows + len(raw.set_aside)
    assert len(raw.row) == raw.table.num_rows
    assert all(reason and line > 1 for line, reason in raw.set_aside)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["1", "2.5", "", "NA", "2024-02-30", "2024-01-01", "1e999", "00", "x"]),
            st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=200, deadline=None)
def test_any_cells_load_or_are_refused_in_our_own_words(tmp_path_factory, rows):
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([("a", "b"), *rows])
    path = tmp_path_factory.mktemp("csv") / "rows.csv"
    path.write_bytes(buffer.getvalue().encode())
    try:
        dataset = load_dataset(path)
    except UserError:
        return
    (source,) = dataset.sources
    assert source.rows_in == source.rows_kept + source.rows_set_aside
    assert source.rows_kept == len(dataset)
