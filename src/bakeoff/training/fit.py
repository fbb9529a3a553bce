"""One fit from its first step to its last: epochs, early stopping, checkpoints, a second try."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import torch
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

from bakeoff.core.errors import ContenderError
from bakeoff.core.hashing import hash_value
from bakeoff.training.augment import make_augmenter
from bakeoff.training.batches import training_batches
from bakeoff.training.checkpoints import Checkpoints, Progress, Snapshot
from bakeoff.training.losses import loss_of
from bakeoff.training.optimisers import Optimiser, make_optimiser
from bakeoff.training.outputs import mean_loss
from bakeoff.training.scalars import open_scalars
from bakeoff.training.schedule import rate_share
from bakeoff.training.step import StepName, Stepper
from bakeoff.training.trained import Epoch, LabelledRows, Trained
from bakeoff.training.weights import changing, copied, hash_weights, put_back

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray
    from torch import nn

    from bakeoff.training.losses import Loss
    from bakeoff.training.recipe import Recipe, TrainingContext
    from bakeoff.training.replicas import Replica
    from bakeoff.training.scalars import Scalars
    from bakeoff.training.weights import Weights

    Steps = list[list[NDArray[np.int64]]]
    """Of an epoch: each step's batches, each batch's rows."""

RETRY_RATE = 0.1
"""A fit that diverged is begun anew at this share of its rate, once."""
LOOK_EVERY_ON_GPU = 10
"""Steps between looks at the loss, because each makes the GPU wait; a CPU looks at every step."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where and how a fit is computed.

    Args:
        device: Of the net.
        precision: ``"fp32"`` or ``"bf16"``.
        replica: Which of the processes that make the fit together this one is.
    """

    device: torch.device
    precision: str
    replica: Replica


@dataclass(frozen=True, slots=True)
class Hooks:
    """For tests of exact resume, and for those who show how far a long fit is.

    Args:
        checkpoint_every_steps: Steps between checkpoints; None: the clock says when.
        after_step: Called with the number of steps done.
    """

    checkpoint_every_steps: int | None = None
    after_step: Callable[[int], None] | None = None


@dataclass(slots=True)
class Fit:
    """See `training.loop.train`."""

    net: nn.Module
    learn: LabelledRows
    valid: LabelledRows | None
    recipe: Recipe
    context: TrainingContext
    key: str
    place: Place
    hooks: Hooks
    _progress: Progress = field(init=False, default_factory=Progress)
    _initial: Weights = field(init=False)
    _best: Weights = field(init=False, default_factory=dict)
    _sums: torch.Tensor = field(init=False)
    """``(2,)``, float64: the epoch's loss, and all norms of gradients: not finite, once one is."""
    _loss: Loss = field(init=False)
    _weight: float = field(init=False)
    _steps: int = field(init=False)
    _stepper: Stepper = field(init=False)
    _optimiser: Optimiser = field(init=False)
    _learning: list[nn.Parameter] = field(init=False)
    _checkpoints: Checkpoints = field(init=False)
    _scalars: Scalars | None = field(init=False, default=None)

    def run(self) -> Trained:
        """Train to the end.

        Raises:
            ContenderError: It diverged twice, or a single row does not fit into memory.
        """
        self._begin()
        try:
            while not self._run_epochs():
                self._begin_again()
        finally:
            if self._scalars is not None:
                self._scalars.close()
        return self._end()

    def _begin(self) -> None:
        recipe, place, targets = self.recipe, self.place, self.learn.targets
        self._checkpoints = Checkpoints(
            self.context.scratch,
            self.key,
            self._fingerprint(),
            self.context.log,
            self.hooks.checkpoint_every_steps,
        )
        self.net.to(place.device)
        self._learning = [weight for weight in self.net.parameters() if weight.requires_grad]
        self._initial = copied(changing(self.net))
        self._sums = torch.zeros(2, dtype=torch.float64, device=place.device)
        valid = None if self.valid is None else self.valid.targets
        self._loss = loss_of(self.net, recipe, targets, valid)
        self._weight = self._loss.weight(targets)
        self._steps = recipe.epochs * len(self._steps_of(0))
        self._optimiser = make_optimiser(self.net, recipe)
        self._stepper = Stepper(
            net=self.net,
            weights=self._learning,
            learn=self.learn,
            loss=self._loss,
            augmenter=make_augmenter(recipe.augment, self.learn.rows),
            device=place.device,
            precision=place.precision,
            replica=place.replica,
            log=self.context.log,
        )
        snapshot = self._checkpoints.read()
        if snapshot is not None:
            self._go_on(snapshot)
        self._open_scalars()

    def _fingerprint(self) -> str:
        return hash_value(
            {
                "recipe": asdict(self.recipe),
                "key": self.key,
                "seed": self.context.seed,
                "rows": [
                    len(self.learn.targets),
                    0 if self.valid is None else len(self.valid.rows),
                ],
                "weights": hash_weights(self.net),
                "place": [self.place.device.type, self.place.precision, self.place.replica.size],
                "torch": torch.__version__,
            }
        )

    def _go_on(self, snapshot: Snapshot) -> None:
        self._progress = snapshot.progress
        self._stepper.micro_rows = snapshot.progress.micro_rows
        self._sums[0] = snapshot.progress.loss_sum
        put_back(self.net, snapshot.net)
        device = self.place.device
        self._best = {name: tensor.to(device) for name, tensor in snapshot.best.items()}
        self._optimiser.restore(snapshot.optimiser, snapshot.plain)
        step, epoch = snapshot.progress.step, snapshot.progress.epoch
        self.context.log(f"goes on after step {step}, in epoch {epoch + 1}")

    def _open_scalars(self) -> None:
        if self.place.replica.rank == 0:
            name = self.key + ("-retry" if self._progress.attempt else "")
            self._scalars = open_scalars(name, self.context.seed, self._progress.step)

    def _begin_again(self) -> None:
        """Go back to the initial weights, at a lower rate.

        Raises:
            ContenderError: That was done before.
        """
        before = self._progress
        if before.attempt:
            self._checkpoints.remove()
            raise ContenderError(
                f"the fit diverged twice: {before.fault}; set a lower learning rate than "
                f"{self.recipe.learning_rate * RETRY_RATE:g}, a longer warm-up or a lower clip, "
                "and look for values that are not numbers, or huge, in the data"
            )
        self.context.log(f"{before.fault}: begins anew at a tenth of the rate")
        put_back(self.net, self._initial)
        self._best = {}
        self._sums.zero_()
        self._optimiser = make_optimiser(self.net, self.recipe)
        self._progress = Progress(attempt=1, fault=before.fault, micro_rows=before.micro_rows)
        if self._scalars is not None:
            self._scalars.close()
        self._open_scalars()

    def _run_epochs(self) -> bool:
        """Go on to the end; return False as soon as it is seen that the fit has diverged."""
        progress = self._progress
        while progress.epoch < self.recipe.epochs and not self._has_stopped_early():
            self.net.train()
            for batches in self._steps_of(progress.epoch)[progress.position :]:
                if not self._step(batches):
                    return False
            if not self._end_epoch():
                return False
        if not bool(torch.isfinite(get_total_norm(self._learning))):
            self._diverged("a weight was not finite")
            return False
        return True

    def _has_stopped_early(self) -> bool:
        past = self._progress.epoch - 1 - self._progress.best_epoch
        return bool(self._progress.epochs) and past >= self.recipe.patience

    def _steps_of(self, epoch: int) -> Steps:
        batches = training_batches(
            self.learn.rows.lengths(),
            seed=self.context.seed,
            epoch=epoch,
            batch_tokens=self.recipe.batch_tokens,
            batch_rows=self.recipe.batch_rows,
        )
        many = self.recipe.accumulate
        if self.recipe.optimiser == "gradient-descent":
            many = len(batches)
        return [batches[start : start + many] for start in range(0, len(batches), many)]

    def _rate_share(self) -> float:
        progress = self._progress
        recipe = self.recipe
        share = rate_share(progress.step, self._steps, recipe.warmup, recipe.schedule)
        return share * RETRY_RATE**progress.attempt

    def _step(self, batches: list[NDArray[np.int64]]) -> bool:
        """Make one step; return False if it is seen that the fit has diverged."""
        progress, share = self._progress, self._rate_share()
        name = StepName(self.context.seed, progress.attempt, progress.epoch, progress.step)
        total, weight = self._stepper.gradients(batches, name)
        norm = self._clip()
        self._optimiser.step(share)
        self._optimiser.clear()
        self._sums += torch.stack([total, norm])
        progress.step += 1
        progress.position += 1
        if self._scalars is not None:
            rate = self.recipe.learning_rate * share
            self._scalars.step(progress.step, float(total) / weight, rate, float(norm))
        look = self.place.device.type == "cpu" or progress.step % LOOK_EVERY_ON_GPU == 0
        due = self.place.replica.rank == 0 and self._checkpoints.due(progress.step)
        # Replicas must turn back at the same step: that a checkpoint is due, only one knows.
        if look and not self._is_finite():
            return False
        if due and bool(torch.isfinite(self._sums).all()):
            self._write_checkpoint()
        if self.hooks.after_step is not None:
            self.hooks.after_step(progress.step)
        return True

    def _clip(self) -> torch.Tensor:
        """Scale a gradient that is too long down; return its norm before that."""
        norm = get_total_norm([w.grad for w in self._learning if w.grad is not None])
        clip = self.recipe.clip
        # On a GPU the comparison would make it wait; there, shorter gradients are multiplied by 1.
        if clip and (norm.is_cuda or float(norm) > clip):
            clip_grads_with_norm_(self._learning, clip, norm)
        return norm

    def _is_finite(self) -> bool:
        if bool(torch.isfinite(self._sums).all()):
            return True
        self._diverged("loss or gradient was not finite")
        return False

    def _diverged(self, what: str) -> None:
        progress = self._progress
        rate = self.recipe.learning_rate * RETRY_RATE**progress.attempt
        told = f"{what} by step {progress.step} (epoch {progress.epoch + 1}) at a rate of {rate:g}"
        progress.fault = f"{progress.fault}, then {told}" if progress.fault else told

    def _write_checkpoint(self) -> None:
        self._progress.loss_sum = float(self._sums[0])
        self._progress.micro_rows = self._stepper.micro_rows
        tensors, plain = self._optimiser.state()
        self._checkpoints.write(
            Snapshot(self._progress, changing(self.net), self._best, tensors, plain)
        )

    def _end_epoch(self) -> bool:
        """Validate and keep the best weights; return False if the fit has diverged."""
        if not self._is_finite():
            return False
        progress, replica = self._progress, self.place.replica
        valid_loss = None
        if self.valid is not None:
            mine = self._validate(self.valid) if replica.rank == 0 else 0.0
            valid_loss = replica.first(mine)
            if not math.isfinite(valid_loss):
                self._diverged("validation loss was not finite")
                return False
        progress.epochs.append(Epoch(float(self._sums[0]) / self._weight, valid_loss))
        self.context.log(f"epoch {progress.epoch + 1}: {progress.epochs[-1]}")
        if self._scalars is not None and valid_loss is not None:
            self._scalars.epoch(progress.step, valid_loss)
        if valid_loss is None:
            progress.best_epoch = progress.epoch
        elif valid_loss < progress.best_loss:
            progress.best_epoch, progress.best_loss = progress.epoch, valid_loss
            self._best = copied(changing(self.net))
        progress.epoch += 1
        progress.position = 0
        self._sums.zero_()
        return True

    def _validate(self, valid: LabelledRows) -> float:
        return mean_loss(self.net, valid, self._loss, self.place.device, self.place.precision)

    def _end(self) -> Trained:
        progress, micro_rows = self._progress, self._stepper.micro_rows
        if self._best:
            put_back(self.net, self._best)
        self._checkpoints.remove()
        if progress.attempt:
            self.context.note(
                f"the fit was begun anew at a tenth of its learning rate: {progress.fault}"
            )
        if micro_rows:
            self.context.note(
                f"memory ran out: batches were computed {micro_rows} rows at a time, "
                "each step still from a whole batch"
            )
        return Trained(
            net=self.net.cpu().eval(),
            epochs=tuple(progress.epochs),
            best_epoch=progress.best_epoch,
            precision=self.place.precision,
            steps=progress.step,
            retries=progress.attempt,
            micro_rows=micro_rows,
        )
