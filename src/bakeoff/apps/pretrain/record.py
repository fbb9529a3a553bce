"""What a pre-training was and what it brought, as it is kept beside the model."""

from __future__ import annotations

from dataclasses import dataclass

from bakeoff.apps.pretrain.corpus import Part  # noqa: TC001 - the record is read back by its types
from bakeoff.apps.pretrain.settings import Settings  # noqa: TC001 - as above

RECORD = "pretraining.json"


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast it was; of the steps since the last start alone.

    Args:
        tokens_per_second: Learned from, by the wall clock.
        cpu_seconds_per_million_tokens: Of this process, all threads together.
        flops_per_second: Work of the model a second; None: it could not be counted.
        peak_flops_per_second: Of large matrix products in the same precision, probed before.
        threads: Of the CPU.
    """

    tokens_per_second: float
    cpu_seconds_per_million_tokens: float
    flops_per_second: float | None
    peak_flops_per_second: float
    threads: int

    @property
    def peak_share(self) -> float | None:
        """Share of the probed peak that went into the model's own work."""
        if self.flops_per_second is None:
            return None
        return self.flops_per_second / self.peak_flops_per_second


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over the text: mean losses in nats for each predicted token.

    Args:
        train_loss: As rows stood when they were learned from.
        valid_loss: On what was held out, after the pass.
    """

    train_loss: float
    valid_loss: float | None


@dataclass(frozen=True, slots=True)
class Pretraining:
    """All that is kept of a pre-training.

    Args:
        settings: What was asked for.
        text: Digests of the files, names of hub sets.
        learn: Text to learn from.
        held_out: Text to validate on.
        vocabulary: Tokens.
        parameters: Weights, tied ones once.
        steps: Of the optimiser.
        passes: In order.
        best_pass: From 0: whose weights were kept.
        bits_per_byte: On what was held out; None without that, or for masked models, which give
            no probability of a text.
        precision: ``"fp32"`` or ``"bf16"``.
        device: Where it was trained.
        speed: None where there was no step left to time.
        versions: Of the packages that decide the weights.
        notes: What a reader must know.
    """

    settings: Settings
    text: tuple[str, ...]
    learn: Part
    held_out: Part
    vocabulary: int
    parameters: int
    steps: int
    passes: tuple[Pass, ...]
    best_pass: int
    bits_per_byte: float | None
    precision: str
    device: str
    speed: Speed | None
    versions: dict[str, str]
    notes: tuple[str, ...] = ()

    @property
    def valid_loss(self) -> float | None:
        """Return the validation loss of the weights that were kept, in nats a token."""
        return self.passes[self.best_pass].valid_loss
