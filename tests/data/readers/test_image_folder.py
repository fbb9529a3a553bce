import io
import struct
import zlib

import pytest
from PIL import Image

from bakeoff.core.errors import DataError
from bakeoff.data.load import load_dataset


def picture(colour=0, size=(8, 8), kind="PNG"):
    buffer = io.BytesIO()
    Image.new("RGB", size, (colour, 0, 0)).save(buffer, kind)
    return buffer.getvalue()


def bomb():
    """A PNG that says it is 50,000 x 50,000."""
    data = picture()
    header = struct.pack(">II", 50_000, 50_000) + data[24:29]
    return data[:16] + header + struct.pack(">I", zlib.crc32(b"IHDR" + header)) + data[33:]


@pytest.fixture
def folder(tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / name).mkdir()
        for i in range(3):
            (tmp_path / name / f"{i}.png").write_bytes(picture(i * 40))
    return tmp_path


def test_a_subfolder_is_a_class(folder):
    dataset = load_dataset(folder)
    assert [column.name for column in dataset.columns] == ["image", "folder"]
    assert dataset.table["folder"].to_pylist() == ["cat"] * 3 + ["dog"] * 3
    assert dataset.table["image"][0].as_py() == picture(0)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("cut.png", picture(size=(64, 64))[:-40], "damaged"),
        ("cut.jpg", picture(size=(64, 64), kind="JPEG")[:-300], "damaged"),
        ("zero.png", b"", "0 bytes"),
        ("bomb.png", bomb(), "too large"),
        ("words.png", b"no picture at all", "not a picture"),
        ("icon.svg", b"<svg/>", "svg is not read"),
    ],
)
def test_a_bad_picture_is_set_aside_by_name(folder, name, data, reason):
    (folder / "cat" / name).write_bytes(data)
    dataset = load_dataset(folder)
    assert len(dataset) == 6
    assert dataset.sources[0].rows_in == 7
    assert name in dataset.set_aside[0].reason
    assert reason in dataset.set_aside[0].reason


def test_a_wrong_suffix_does_not_matter(folder):
    (folder / "cat" / "really_a.png").write_bytes(picture(kind="JPEG"))
    assert len(load_dataset(folder)) == 7


def test_links_out_of_the_folder_are_not_followed(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.png"
    outside.write_bytes(picture())
    (folder / "cat" / "link.png").symlink_to(outside)
    dataset = load_dataset(folder)
    assert "leads out of the folder" in dataset.set_aside[0].reason


def test_other_files_are_named(folder):
    (folder / "cat" / "notes.txt").write_text("x")
    assert load_dataset(folder).sources[0].notes == ("1 other files left out: cat/notes.txt",)


def test_subfolders_that_are_splits_are_refused(tmp_path):
    for split in ("train", "test"):
        (tmp_path / split / "cat").mkdir(parents=True)
        (tmp_path / split / "cat" / "a.png").write_bytes(picture())
    with pytest.raises(DataError, match=r"splits, not classes[\s\S]*--test"):
        load_dataset(tmp_path)


def test_a_folder_without_pictures_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("x")
    with pytest.raises(DataError, match=r"no pictures with a class[\s\S]*a\.csv"):
        load_dataset(tmp_path)


def test_paths_in_a_column_are_followed_but_not_out_of_the_folder(folder):
    rows = [
        "cat/0.png",
        "dog/1.png",
        "../secret.png",
        "cat/none.png",
        "https://a.b/c.png",
        "/x.png",
    ]
    path = folder / "rows.csv"
    path.write_text("path,label\n" + "".join(f"{row},a\n" for row in rows))
    dataset = load_dataset(path)
    assert dataset.column("path").type == "image"
    assert dataset.table["path"].to_pylist() == [picture(0), picture(40)]
    reasons = [bad.reason for bad in dataset.set_aside]
    assert "leads out of the folder" in reasons[0]
    assert "No such file" in reasons[1]
    assert "nothing is downloaded" in reasons[2]
    assert "leads out of the folder" in reasons[3]
