"""Pictures that cannot be opened, or must not be."""

import struct
import zlib

import pytest
from PIL import Image


def picture(path, shade):
    Image.new("RGB", (12, 12), (shade, shade, 255 - shade)).save(path)


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    for number, label in enumerate(("cat", "dog")):
        (folder / label).mkdir(parents=True)
        for shade in range(6):
            picture(folder / label / f"{shade}.png", 100 * number + 9 * shade)
    return folder


def bomb(path):
    """Write a PNG of 60,000 x 60,000 pixels that is a few hundred bytes long."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    content = (
        chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + content)


def truncate(path):
    Image.effect_noise((64, 64), 80).save(path)
    path.write_bytes(path.read_bytes()[:1000])


def plan(folder):
    return ("plan", folder, "--target", "folder")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (truncate, "the picture is damaged"),
        (lambda path: path.write_bytes(b""), "the picture is empty (0 bytes)"),
        (bomb, "too large (a decompression bomb?)"),
    ],
    ids=["truncated", "zero-byte", "decompression-bomb"],
)
def test_a_bad_picture_is_set_aside_with_the_reason(call, photos, spoil, says):
    spoil(photos / "cat" / "1.png")
    code, _, err = call(*plan(photos))
    assert code == 0
    assert "12 in = 11 kept + 1 set aside" in err
    assert "Traceback" not in err
    assert says in err


def test_a_folder_whose_pictures_are_all_bad_is_refused(refused, photos):
    for path in photos.glob("*/*.png"):
        path.write_bytes(b"")
    refused(1, plan(photos), "12 were set aside")


def test_a_folder_without_pictures_is_refused(refused, tmp_path):
    (tmp_path / "empty").mkdir()
    refused(1, plan(tmp_path / "empty"), "where: ", "fix: ")


def test_a_text_contender_cannot_read_pictures(refused, photos):
    refused(
        1,
        (*plan(photos), "--contenders", "ngram-linear"),
        "'ngram-linear' cannot do this task: it needs a column of type text",
        "the inputs are image",
        "fix: take it out of --contenders",
    )
