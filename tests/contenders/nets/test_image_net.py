import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.nets.cnn import Cnn
from bakeoff.contenders.nets.image_net import PixelReader
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ArtefactError, UsageError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.data.load import load_dataset
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.spec import TaskSpec
from bakeoff.testing import context as make_context

SMALL = tuple(
    f"{spec}@least_steps=0"
    for spec in ("cnn@filters=8", "resnet@filters=8", "vit@size=16@depth=1@heads=2")
)


@pytest.fixture
def context(tmp_path):
    return make_context(tmp_path / "context")


def encoded(values):
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    return buffer.getvalue()


def examples(columns, targets, classes=("a", "b")):
    import pyarrow as pa

    described = tuple(Column(name, ColumnType.IMAGE) for name in columns)
    task = TaskSpec("classification", described, "label", ("accuracy",), classes)
    inputs = Inputs(np.arange(len(targets)), pa.table(columns), described)
    return Examples(task, inputs, np.asarray(targets, dtype=np.int32))


def noise(side, seed=0):
    return np.random.default_rng(seed).integers(0, 255, (side, side, 3), dtype=np.uint8)


def built_in(name, target, kind):
    """Return a built-in set's rows as examples, shuffled."""
    dataset = load_dataset(name)
    column = Column("image", ColumnType.IMAGE)
    values = dataset.table[target].to_pylist()
    classes = tuple(sorted(set(values))) if kind == "classification" else ()
    metric = "accuracy" if classes else "mse"
    codes = np.asarray(
        [classes.index(value) for value in values] if classes else values,
        dtype=np.int32 if classes else np.float64,
    )
    rows = Examples(
        TaskSpec(kind, (column,), target, (metric,), classes),
        Inputs(np.arange(len(codes)), dataset.table.select(["image"]), (column,)),
        codes,
    )
    return rows.take(np.random.default_rng(0).permutation(len(codes)))


@pytest.mark.parametrize("spec", SMALL)
def test_pictures_take_their_own_side_and_large_ones_64(spec, context):
    contender = make_contender(spec + "@epochs=1")
    for side, wanted in ((9, 9), (48, 48), (100, 64), (4, 8)):
        rows = examples({"image": [encoded(noise(side, i)) for i in range(4)]}, [0, 1, 0, 1])
        assert contender.fit(rows, None, context).reader.side == wanted


def test_a_side_may_be_set_and_is_kept_in_the_saved_model(context, tmp_path):
    contender = make_contender("cnn@side=20@epochs=1@least_steps=0@filters=8")
    rows = examples({"image": [encoded(noise(32, i)) for i in range(4)]}, [0, 1, 0, 1])
    fitted = contender.fit(rows, None, context)
    save_model(contender, rows.task, fitted, tmp_path / "model")
    again = load_model(tmp_path / "model").fitted
    assert again.reader == fitted.reader
    assert again.reader.side == 20


def test_a_side_below_8_is_refused():
    with pytest.raises(UsageError, match="side=4"):
        make_contender("resnet@side=4")


def test_heads_that_do_not_share_a_vector_are_refused():
    with pytest.raises(UsageError, match="heads=3"):
        make_contender("vit@size=16@heads=3")


def test_weights_of_other_settings_are_refused(context, tmp_path):
    rows = examples({"image": [encoded(noise(8, i)) for i in range(4)]}, [0, 1, 0, 1])
    Cnn(epochs=1, least_steps=0, filters=8).fit(rows, None, context).save(tmp_path)
    with pytest.raises(ArtefactError):
        Cnn(filters=16).load(tmp_path, rows.task)


def test_the_second_picture_of_a_row_is_read_too(context):
    rng = np.random.default_rng(0)
    targets = rng.integers(0, 2, 60)
    same = [encoded(noise(8))] * 60
    telling = [
        encoded(np.full((8, 8, 3), 40 + 160 * target + rng.integers(30), np.uint8))
        for target in targets.tolist()
    ]
    rows = examples({"first": same, "second": telling}, targets)
    contender = make_contender("cnn@epochs=10@filters=8@batch_rows=16")
    found = contender.fit(rows.take(range(40)), None, context).predict(rows.inputs, context)
    assert (found.codes[40:] == targets[40:]).all()


def test_a_missing_picture_is_read_as_a_grey_one(context):
    rows = examples({"image": [encoded(noise(8, i)) for i in range(6)]}, [0, 1] * 3)
    fitted = make_contender("cnn@epochs=2@least_steps=0@filters=8").fit(rows, None, context)
    grey = encoded(np.full((8, 8, 3), 128, dtype=np.uint8))
    pair = examples({"image": [None, grey]}, [0, 0])
    found = fitted.predict(pair.inputs, context).probabilities
    np.testing.assert_array_equal(found[0], found[1])


def test_the_budget_says_how_many_epochs(context):
    lines = []
    counted = replace(context, budget=replace(context.budget, epochs=3), log=lines.append)
    rows = examples({"image": [encoded(noise(8, i)) for i in range(4)]}, [0, 1, 0, 1])
    make_contender("cnn@filters=8").fit(rows, None, counted)
    assert len([line for line in lines if line.startswith("epoch")]) == 3


@pytest.mark.parametrize(("n_rows", "epochs"), [(10, 50), (100, 25), (10_000, 15)])
def test_few_rows_are_passed_over_more_often(n_rows, epochs):
    assert Cnn(epochs=15, least_steps=50).recipe(n_rows, None).epochs == epochs


@pytest.mark.parametrize(("side", "augment"), [(8, ""), (16, "shift=1"), (32, "shift=2")])
def test_shifts_follow_the_side(side, augment):
    rows = examples({"image": [None]}, [0])
    assert Cnn().augmentation(rows, PixelReader(("image",), side)) == augment


def test_pictures_of_numbers_are_not_shifted_unasked():
    rows = examples({"image": [None]}, [0])
    numbers = replace(rows, task=replace(rows.task, kind="regression", classes=()))
    reader = PixelReader(("image",), 32)
    assert Cnn().augmentation(numbers, reader) == ""
    assert Cnn(augment="shift=1").augmentation(numbers, reader) == "shift=1"


@pytest.mark.parametrize("spec", SMALL)
def test_facts_count_weights_and_work(spec, context):
    rows = examples({"image": [encoded(noise(8, i)) for i in range(4)]}, [0, 1, 0, 1])
    fitted = make_contender(spec + "@epochs=1").fit(rows, None, context)
    facts = fitted.facts()
    assert facts.parameters == facts.trained_parameters > 500
    assert facts.model_bytes == 4 * (facts.parameters + 6)  # and mean and deviation of 3 channels
    # Each weight is used at least once for every picture, by a multiplication and an addition.
    assert facts.flops_per_row > facts.parameters


def test_a_convolutional_net_reads_digits(context):
    rows = built_in("sklearn:digits", "label", "classification")
    contender = make_contender("cnn@epochs=8@filters=16")
    fitted = contender.fit(rows.take(range(900)), rows.take(range(900, 1000)), context)
    rest = rows.take(range(1000, 1797))
    assert (fitted.predict(rest.inputs, context).codes == rest.targets).mean() > 0.93


def test_a_convolutional_net_sees_how_far_a_digit_is_turned(context):
    rows = built_in("sklearn:digits-angle", "angle", "regression")
    contender = make_contender("cnn@epochs=8@filters=16@augment=")
    fitted = contender.fit(rows.take(range(900)), rows.take(range(900, 1000)), context)
    rest = rows.take(range(1000, 1797))
    error = fitted.predict(rest.inputs, context).values - rest.targets
    assert (error**2).mean() < 0.3 * rest.targets.var()
