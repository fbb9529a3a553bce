"""Augmentations as a recipe writes them: ``"token-dropout=0.1,flip"``, read and checked."""

from __future__ import annotations

from dataclasses import dataclass

from bakeoff.core.errors import UsageError, did_you_mean


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to vary rows while learning.

    Args:
        reads: ``"text"`` or ``"image"``.
        strength: If none is written.
        least: Smallest strength allowed.
        most: Largest strength allowed.
        unit: What the strength means.
    """

    reads: str
    strength: float
    least: float
    most: float
    unit: str


KINDS = {
    "token-dropout": Kind("text", 0.1, 0.0, 0.9, "share of tokens made unknown"),
    "swap": Kind("text", 0.05, 0.0, 0.9, "share of tokens that change places with the next one"),
    "shift": Kind("image", 2, 1, 64, "pixels, at most, in each direction"),
    "flip": Kind("image", 0.5, 0.0, 1.0, "share of pictures mirrored left to right"),
    "cutout": Kind("image", 4, 1, 256, "side of the square painted over, in pixels"),
    "rotate": Kind("image", 10, 0.0, 180.0, "degrees, at most, in each direction"),
}
WHOLE = frozenset({"shift", "cutout"})
"""Their strengths are whole numbers."""


@dataclass(frozen=True, slots=True)
class Augmentation:
    """A way to vary rows, and how strongly.

    Args:
        name: Of `KINDS`.
        strength: In the unit of its kind.
    """

    name: str
    strength: float


def parse_augment(text: str) -> tuple[Augmentation, ...]:
    """Read names and strengths, in the order in which they are applied.

    Raises:
        UsageError: A name is unknown, stands twice, or its strength is not allowed.

    Example:
        >>> [(each.name, each.strength) for each in parse_augment("shift=3,flip")]
        [('shift', 3.0), ('flip', 0.5)]
    """
    found: list[Augmentation] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, written = part.partition("=")
        if name not in KINDS:
            raise UsageError(f"no augmentation '{name}'", fix=did_you_mean(name, KINDS))
        if name in {each.name for each in found}:
            raise UsageError(f"the augmentation '{name}' stands twice in '{text}'")
        found.append(Augmentation(name, _strength(name, written)))
    return tuple(found)


def _strength(name: str, written: str) -> float:
    kind = KINDS[name]
    if not written:
        return float(kind.strength)
    try:
        strength = float(written)
    except ValueError:
        strength = float("nan")
    whole = name not in WHOLE or strength == round(strength)
    if not (whole and kind.least <= strength <= kind.most):
        number = "a whole number" if name in WHOLE else "a number"
        raise UsageError(
            f"the augmentation {name}={written} is not allowed",
            why=f"it is {kind.unit}: {number} from {kind.least:g} to {kind.most:g}",
        )
    return strength
