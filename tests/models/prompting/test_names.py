"""A user's file that says by which words classes go."""

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.models.prompting.names import load_names

CLASSES = ("0", "1")


@pytest.fixture
def file(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    return write


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"1": " good ", "0": "bad"}'),
        ("a.csv", "0,bad\n1,good\n"),
        ("a.csv", "\ufeffclass,words\r\n1,good\r\n\r\n0,bad"),
    ],
)
def test_words_come_in_the_order_of_the_classes(name, text, file):
    assert load_names(file(name, text), CLASSES) == ("bad", "good")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", '{"0": "bad"}', "the class '1' has no words"),
        ("a.json", '{"0": "bad", "1": " "}', "the class '1' has no words"),
        ("a.json", '{"0": "bad", "1": "good", "2": "fair"}', "no class '2'"),
        ("a.json", '{"0": "bad", "0": "poor", "1": "good"}', "stands there twice"),
        ("a.json", '{"0": "Bad", "1": "bad"}', "the same words"),
        ("a.json", '{"0": 1, "1": "good"}', "no object of texts"),
        ("a.json", '["bad", "good"]', "no object of texts"),
        ("a.json", "{", "not JSON"),
        ("a.json", "[" * 100_000, "not JSON"),
        ("a.csv", "0,bad,worse\n1,good", "not two cells"),
        ("a.csv", "class,words\nx,bad\n1,good", "no class 'x'"),
        ("a.csv", b"0,b\xff\n1,good", "not UTF-8"),
        ("a.csv", "0,bad\n" * 200_000, "more than 1,048,576 bytes"),
    ],
)
def test_a_file_that_does_not_name_every_class_once_is_refused(name, text, said, file):
    with pytest.raises(UsageError, match=said):
        load_names(file(name, text), CLASSES)


def test_a_file_that_is_not_there_is_refused_with_its_form(tmp_path):
    with pytest.raises(UsageError, match="cannot be read") as caught:
        load_names(str(tmp_path / "no.csv"), CLASSES)
    assert "two columns" in str(caught.value)
