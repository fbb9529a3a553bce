"""GLUE and CIFAR-10 are found in a folder whatever its files are called; what lacks is named."""

import os
from pathlib import Path

import pytest

from bakeoff.core.errors import UsageError
from bakeoff.plan.classic.folder import find_files, folder_parts
from bakeoff.plan.classic.glue import GLUE, hub_parts
from bakeoff.plan.classic.part import chosen

ROWS = "text\tlabel\n" + "".join(f"some text {n}\t{n % 2}\n" for n in range(8))
PAIRS = "sentence1\tsentence2\tscore\n" + "".join(f"a {n}\tb {n}\t{n / 2}\n" for n in range(8))


def put(folder, **files):
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / f"{name}.tsv").write_text(content)


@pytest.mark.parametrize(
    ("names", "prefers", "train", "dev"),
    [
        (("train", "dev", "test"), (), "train.tsv", "dev.tsv"),
        (("train_phrases", "train_sentences", "val"), ("sentences",), "train_sentences.tsv",
         "val.tsv"),
        (("in_domain_train", "in_domain_dev", "out_of_domain_dev"), ("in",),
         "in_domain_train.tsv", "in_domain_dev.tsv"),
        (("train", "validation_mismatched", "validation_matched"), ("matched",), "train.tsv",
         "validation_matched.tsv"),
    ],
)  # fmt: skip
def test_files_are_told_by_the_words_in_their_names(tmp_path, names, prefers, train, dev):
    put(tmp_path / "set", **dict.fromkeys(names, ROWS))
    files = find_files(tmp_path / "set", prefers)
    assert (files.train.name, files.dev.name) == (train, dev)
    assert len(files.aside) == len(names) - 2 - (files.test is not None)


def test_a_dev_file_is_the_test_where_test_labels_are_not_there(tmp_path):
    unlabelled = ROWS.replace("\t0\n", "\t-1\n").replace("\t1\n", "\t-1\n")
    put(tmp_path / "SST-2", train=ROWS, dev=ROWS, test=unlabelled)
    put(tmp_path / "stsb", train=PAIRS, dev=PAIRS, test=PAIRS)
    parts, missing = folder_parts(tmp_path)
    sst2, stsb = parts
    assert Path(sst2.test).name == "dev.tsv"
    assert sst2.valid is None
    assert sst2.caveats == ("dev-as-test",)
    assert Path(stsb.test).name == "test.tsv"
    assert (stsb.columns, stsb.kind) == (("sentence1", "sentence2"), "regression")
    assert stsb.options["metric"] == "spearman"
    assert {one.name for one in missing} == {
        *(task.name for task in GLUE if task.name not in ("sst2", "stsb")),
        "cifar10",
    }


def test_a_folder_without_any_of_the_sets_is_refused(tmp_path):
    with pytest.raises(UsageError, match="none of the ten sets"):
        folder_parts(tmp_path)
    with pytest.raises(UsageError, match="no folder"):
        folder_parts(tmp_path / "nothing")


def test_the_hub_has_all_nine_tasks_with_their_own_metrics():
    parts = {part.name: part for part in hub_parts("some/encoder")}
    assert len(parts) == 10
    assert parts["cola"].source == "hf://nyu-mll/glue?config=cola&split=train"
    assert parts["mnli"].test.endswith("split=validation_matched")
    metrics = {name: part.options.get("metric") for name, part in parts.items()}
    assert (metrics["cola"], metrics["mrpc"], metrics["qqp"], metrics["stsb"]) == (
        *("mcc", "f1", "f1", "spearman"),
    )
    assert parts["rte"].speaker.endswith(":some/encoder")


@pytest.mark.data
@pytest.mark.skipif("BAKEOFF_DATA" not in os.environ, reason="BAKEOFF_DATA is not set")
def test_five_tasks_and_pictures_are_in_the_data_folder():
    parts, missing = folder_parts(Path(os.environ["BAKEOFF_DATA"]))
    assert [part.name for part in parts] == ["cola", "sst2", "mrpc", "stsb", "rte", "cifar10"]
    assert {one.name for one in missing} == {"qqp", "mnli", "qnli", "wnli"}
    assert parts[-1].caveats == ("recompressed",)


def test_a_set_that_belongs_here_and_is_absent_is_no_slip(tmp_path):
    put(tmp_path / "rte", train=ROWS, dev=ROWS)
    parts, missing = folder_parts(tmp_path)
    absent = [one.name for one in missing]
    assert [part.name for part in chosen(parts, ("rte", "wnli"), absent)] == ["rte"]
    with pytest.raises(UsageError, match="none of the sets that were asked for"):
        chosen(parts, ("wnli",), absent)
    with pytest.raises(UsageError, match="did you mean 'wnli'"):
        chosen(parts, ("wnil",), absent)
