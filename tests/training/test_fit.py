"""A fit: it goes on exactly where it was stopped, stops early, and tries once more."""

import dataclasses

import pytest
import torch

from bakeoff.core.errors import ContenderError
from bakeoff.training.fit import Fit
from bakeoff.training.loop import Hooks, train
from bakeoff.training.recipe import Recipe
from bakeoff.training.step import Stepper

RECIPE = Recipe(epochs=3, batch_rows=8, learning_rate=0.01)


class StoppedError(Exception):
    """Stands for a kill."""


def stop_after(step, every=1):
    def after_step(done):
        if done == step:
            raise StoppedError

    return Hooks(checkpoint_every_steps=every, after_step=after_step)


def outcome(trained):
    """Return all that must be the same, bit for bit."""
    weights = {name: tensor.clone() for name, tensor in trained.net.state_dict().items()}
    return weights, dataclasses.replace(trained, net=None)


def assert_same(first, second):
    assert first[1] == second[1]
    for name, tensor in first[0].items():
        assert torch.equal(tensor, second[0][name]), name


VARIANTS = {
    "dropout": RECIPE,
    "muon": dataclasses.replace(RECIPE, optimiser="muon"),
    "momentum": dataclasses.replace(RECIPE, optimiser="momentum"),
    "gradient descent": dataclasses.replace(RECIPE, optimiser="gradient-descent"),
    "augmented": dataclasses.replace(RECIPE, augment="token-dropout=0.3,swap=0.3"),
    "weighted": dataclasses.replace(RECIPE, class_weights="balanced", label_smoothing=0.1),
    "bf16": dataclasses.replace(RECIPE, precision="bf16"),
    "stops early": dataclasses.replace(RECIPE, epochs=6, patience=1, learning_rate=0.3),
}


@pytest.mark.parametrize("recipe", VARIANTS.values(), ids=VARIANTS)
def test_a_fit_stopped_at_any_step_goes_on_to_the_same_bits(
    recipe, surroundings, token_net, tokens
):
    learn, valid = tokens(24), tokens(8, seed=1)
    plain = train(token_net(), learn, valid, recipe, surroundings("plain"), key="k")
    expected = outcome(plain)
    for step in range(1, plain.steps + 1):
        context = surroundings(f"stopped-{step}")
        with pytest.raises(StoppedError):
            train(token_net(), learn, valid, recipe, context, key="k", hooks=stop_after(step))
        resumed = train(token_net(), learn, valid, recipe, context, key="k")
        assert any(f"after step {step}," in line for line in context.lines)
        assert_same(expected, outcome(resumed))
        assert not list(context.scratch.iterdir())


def test_a_fit_stopped_again_and_again_between_checkpoints_comes_to_the_same_bits(
    surroundings, token_net, tokens
):
    learn = tokens(24)
    expected = outcome(train(token_net(), learn, None, RECIPE, surroundings("plain"), key="k"))
    context = surroundings("stopped")
    for step in (1, 3, 5, 8):
        hooks = stop_after(step, every=2)
        with pytest.raises(StoppedError):
            train(token_net(), learn, None, RECIPE, context, key="k", hooks=hooks)
    resumed = train(token_net(), learn, None, RECIPE, context, key="k")
    assert_same(expected, outcome(resumed))


@pytest.mark.parametrize("change", ["recipe", "seed", "weights", "key", "rows"])
def test_the_checkpoint_of_another_fit_is_not_taken_up(change, surroundings, token_net, tokens):
    with pytest.raises(StoppedError):
        train(token_net(), tokens(), None, RECIPE, surroundings(), key="k", hooks=stop_after(4))
    other = dataclasses.replace(RECIPE, weight_decay=0.5) if change == "recipe" else RECIPE
    net = token_net()
    if change == "weights":
        net.head.bias.data += 1
    rows = tokens(48 if change == "rows" else 40)
    key = "other" if change == "key" else "k"
    context = surroundings(seed=1 if change == "seed" else 0)
    train(net, rows, None, other, context, key=key)
    assert not any("goes on" in line for line in context.lines)
    ignored = any("of another fit" in line for line in context.lines)
    assert ignored == (change != "key")


def test_a_fit_ends_when_the_validation_loss_gets_no_better_and_keeps_the_best(
    surroundings, token_net, tokens, monkeypatch
):
    losses = iter([0.9, 0.5, 0.6, 0.7, 0.1])
    kept = []

    def validate(self, valid):
        kept.append(self.net.head.weight.detach().clone())
        return next(losses)

    monkeypatch.setattr(Fit, "_validate", validate)
    recipe = dataclasses.replace(RECIPE, epochs=5, patience=2)
    trained = train(token_net(), tokens(), tokens(8), recipe, surroundings(), key="k")
    assert [epoch.valid_loss for epoch in trained.epochs] == [0.9, 0.5, 0.6, 0.7]
    assert trained.best_epoch == 1
    assert torch.equal(trained.net.head.weight, kept[1])


def test_without_validation_rows_the_last_weights_are_kept(surroundings, token_net, tokens):
    trained = train(token_net(), tokens(), None, RECIPE, surroundings(), key="k")
    assert trained.best_epoch == 2
    assert [epoch.valid_loss for epoch in trained.epochs] == [None] * 3


def test_gradient_descent_makes_one_step_an_epoch_with_all_rows(surroundings, number_net, numbers):
    learn = numbers(40)
    recipe = Recipe(
        epochs=1, batch_rows=8, optimiser="gradient-descent", learning_rate=0.1, clip=0.0
    )
    net = number_net()
    inputs = learn.rows.batch(range(40))
    loss = torch.nn.functional.mse_loss(net(**inputs)[:, 0], learn.targets)
    (gradient,) = torch.autograd.grad(loss, [net.head.bias])
    expected = net.head.bias.detach() - 0.1 * gradient
    trained = train(net, learn, None, recipe, surroundings(), key="k")
    assert trained.steps == 1
    assert torch.allclose(trained.net.head.bias, expected)


@pytest.mark.parametrize(("clip", "length"), [(0.0, None), (0.01, 0.01)])
def test_a_long_gradient_is_scaled_down(clip, length, surroundings, number_net, numbers):
    recipe = Recipe(
        epochs=1, batch_rows=40, optimiser="sgd", learning_rate=1.0, clip=clip, weight_decay=0.0
    )
    net = number_net()
    before = [weight.detach().clone() for weight in net.parameters()]
    trained = train(net, numbers(40), None, recipe, surroundings(), key="k")
    steps = [a - b for a, b in zip(trained.net.parameters(), before, strict=True)]
    moved = torch.cat([step.detach().flatten() for step in steps]).norm().item()
    assert moved == pytest.approx(length, rel=1e-3) if length else moved > 0.1


class Poisoned:
    """Gradients that are not numbers at chosen (attempt, step)."""

    def __init__(self, *where):
        self.where = set(where)
        self.gradients = Stepper.gradients

    def __call__(self, stepper, batches, name):
        total, weight = self.gradients(stepper, batches, name)
        return (total * float("nan") if (name.attempt, name.step) in self.where else total), weight


def poison(monkeypatch, *where):
    poisoned = Poisoned(*where)
    monkeypatch.setattr(
        Stepper, "gradients", lambda stepper, batches, name: poisoned(stepper, batches, name)
    )


def test_a_fit_that_diverges_is_begun_anew_at_a_tenth_of_the_rate(
    surroundings, token_net, tokens, monkeypatch
):
    learn, valid = tokens(24), tokens(8, seed=1)
    slow = dataclasses.replace(RECIPE, learning_rate=0.001)
    direct = train(token_net(dropout=0.0), learn, valid, slow, surroundings("slow"), key="k")
    poison(monkeypatch, (0, 4))
    context = surroundings("diverged")
    again = train(token_net(dropout=0.0), learn, valid, RECIPE, context, key="k")
    assert (direct.retries, again.retries) == (0, 1)
    assert torch.allclose(direct.net.head.weight, again.net.head.weight, atol=1e-6)
    assert len(context.notes) == 1
    assert "by step 5 (epoch 2) at a rate of 0.01" in context.notes[0]


@pytest.mark.parametrize("stop", range(1, 8))
def test_a_fit_stopped_before_or_after_its_new_beginning_comes_to_the_same_bits(
    stop, surroundings, token_net, tokens, monkeypatch
):
    poison(monkeypatch, (0, 4))
    learn, valid = tokens(24), tokens(8, seed=1)
    plain = surroundings("plain")
    expected = outcome(train(token_net(), learn, valid, RECIPE, plain, key="k"))
    done = []

    def after_step(step):
        done.append(step)
        if len(done) == stop:
            raise StoppedError

    context = surroundings("stopped")
    hooks = Hooks(checkpoint_every_steps=1, after_step=after_step)
    with pytest.raises(StoppedError):
        train(token_net(), learn, valid, RECIPE, context, key="k", hooks=hooks)
    resumed = train(token_net(), learn, valid, RECIPE, context, key="k")
    assert_same(expected, outcome(resumed))
    assert context.notes == plain.notes


def test_a_fit_that_diverges_twice_says_where_and_what_to_do(
    surroundings, token_net, tokens, monkeypatch
):
    poison(monkeypatch, (0, 0), (1, 2))
    with pytest.raises(ContenderError) as caught:
        train(token_net(), tokens(24), None, RECIPE, surroundings(), key="k")
    told = str(caught.value)
    assert "by step 1 (epoch 1) at a rate of 0.01" in told
    assert "by step 3 (epoch 1) at a rate of 0.001" in told
    assert "set a lower learning rate than 0.001" in told


def test_a_rate_far_too_high_is_caught_whatever_becomes_infinite(surroundings, number_net, numbers):
    recipe = Recipe(epochs=40, optimiser="sgd", learning_rate=1e6, clip=0.0, batch_rows=8)
    with pytest.raises(ContenderError, match="the fit diverged twice"):
        train(number_net(), numbers(40), numbers(8), recipe, surroundings(), key="k")
