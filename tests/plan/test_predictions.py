"""Predictions as a table: the rows' own columns in their order, prediction, confidence."""

import numpy as np

import bakeoff
from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.registry import make_contender
from bakeoff.plan.model import Model
from bakeoff.plan.options import Options
from bakeoff.plan.predictions import prediction_table
from bakeoff.plan.prepare import prepare
from bakeoff.tasks.examples import Examples
from bakeoff.testing import context


def test_columns_that_have_our_names_are_kept_under_others(finished, tmp_path):
    model = bakeoff.open_result(finished[0]).best("ngram-linear")
    path = tmp_path / "new.csv"
    path.write_text("text,prediction,confidence\ngreat phone,old,sure\nawful room,old,unsure\n")
    table = prediction_table(model, model.read(path))
    assert table.column_names == [
        *("text", "prediction_given", "confidence_given", "prediction", "confidence"),
    ]
    assert table["prediction"].to_pylist() == ["pos", "neg"]
    assert all(0.5 <= value <= 1 for value in table["confidence"].to_pylist())


def test_texts_get_nats_and_bits_per_byte_in_the_blocks_of_training(tmp_path):
    book = tmp_path / "book.txt"
    book.write_text("to be or not to be\n" * 40)
    options = Options(kind="language-modelling", block=64)
    prepared = prepare(book, None, None, options)
    made = make_contender("byte-ngram")
    inputs = prepared.dataset.inputs(("text",), np.arange(len(prepared.dataset)))
    rows = Examples(prepared.task, inputs, prepared.target.values)
    save_model(made, prepared.task, made.fit(rows, None, context()), tmp_path / "model")
    model = Model(load_model(tmp_path / "model"))
    new = tmp_path / "new.txt"
    new.write_text("not to be\n" * 20)
    dataset = model.read(new)
    texts = dataset.table["text"].to_pylist()
    assert max(map(len, texts)) <= 64
    table = prediction_table(model, dataset)
    assert table.column_names == ["text", "nats", "bits_per_byte"]
    nats = np.array(table["nats"].to_pylist())
    np.testing.assert_array_equal(model.predict(new), nats)
    per_byte = nats / np.log(2) / [len(text) for text in texts]
    np.testing.assert_allclose(table["bits_per_byte"].to_pylist(), per_byte)
    assert (per_byte < 8).all()
