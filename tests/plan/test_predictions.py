"""Predictions as a table: the rows' own columns in their order, prediction, confidence."""

import bakeoff
from bakeoff.plan.predictions import prediction_table


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
