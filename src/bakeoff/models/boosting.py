"""Gradient-boosted trees (LightGBM), reproducible, kept in LightGBM's own text format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import lightgbm
    from numpy.typing import NDArray

_MOST_TREES = 2_000
_FEWEST_ROWS = 10


@dataclass(frozen=True, slots=True)
class BoostingSettings:
    """How the trees are grown.

    Args:
        rounds: Trees for each class, at the most.
        learning_rate: Share of each tree that is added.
        leaves: Leaves of a tree, at the most.
        patience: Rounds without a better validation loss after which growing stops.
        seed: For the order of ties and bins.
        threads: Threads that LightGBM may use; they do not change the result.
    """

    rounds: int = 500
    learning_rate: float = 0.05
    leaves: int = 31
    patience: int = 30
    seed: int = 0
    threads: int = 1


@dataclass(frozen=True, slots=True)
class BoostedTrees:
    """Learned trees.

    Args:
        booster: The trees; None where there was nothing to learn (one class, a handful of rows).
        present: ``(p,)``, int32: codes of the classes seen in training; empty for numbers.
        n_classes: Number of classes of the task; 0 for numbers.
        base: ``(n_classes,)`` shares, or ``()`` the mean: the answer without trees.
    """

    booster: lightgbm.Booster | None
    present: NDArray[np.int32]
    n_classes: int
    base: NDArray[np.float64]

    @classmethod
    def fit(
        cls,
        features: NDArray[np.float32],
        targets: NDArray[Any],
        n_classes: int,
        settings: BoostingSettings,
        *,
        categorical: Sequence[int] = (),
        valid: tuple[NDArray[np.float32], NDArray[Any]] | None = None,
    ) -> BoostedTrees:
        """Grow trees until the validation loss stops falling; half the rounds without one.

        Args:
            features: ``(n, n_features)``, NaN where missing; categories as whole numbers from 0.
            targets: ``(n,)``: class codes or numbers.
            n_classes: Number of classes of the task; 0 for numbers.
            settings: How the trees are grown.
            categorical: Positions of the features that are categories.
            valid: Features and targets to stop on.
        """
        import lightgbm

        present = np.unique(targets).astype(np.int32) if n_classes else np.zeros(0, np.int32)
        base = np.asarray(
            np.bincount(targets, minlength=n_classes) / len(targets)
            if n_classes
            else targets.mean(),
            dtype=np.float64,
        )
        if len(targets) < _FEWEST_ROWS or features.shape[1] == 0 or len(present) == 1:
            return cls(None, present, n_classes, base)
        data = lightgbm.Dataset(
            features,
            np.searchsorted(present, targets) if n_classes else targets,
            categorical_feature=list(categorical),
            params=_dataset_parameters(settings, len(targets)),
        )
        held_out = _held_out(data, valid, present, n_classes)
        booster = lightgbm.train(
            _parameters(settings, len(targets), len(present)),
            data,
            num_boost_round=_rounds(settings, len(present), stops=held_out is not None),
            valid_sets=[] if held_out is None else [held_out],
            callbacks=[]
            if held_out is None
            else [lightgbm.early_stopping(settings.patience, verbose=False)],
        )
        return cls(booster, present, n_classes, base)

    def outputs(self, features: NDArray[np.float32], threads: int = 1) -> NDArray[np.float64]:
        """Return ``(n, n_classes)`` probabilities or ``(n,)`` numbers, float64."""
        n = len(features)
        if self.booster is None or n == 0:
            return np.broadcast_to(self.base, (n, *self.base.shape)).copy()
        found = np.asarray(self.booster.predict(features, num_threads=threads))
        if self.n_classes == 0:
            return found
        if len(self.present) == 2:
            found = np.stack([1 - found, found], axis=1)
        full = np.zeros((n, self.n_classes))
        full[:, self.present] = found
        return full

    def text(self) -> str:
        """Return the trees in LightGBM's text format; empty where there are none."""
        return "" if self.booster is None else str(self.booster.model_to_string())

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the rest of the state as named arrays."""
        return {f"{prefix}.present": self.present, f"{prefix}.base": self.base}

    @classmethod
    def of_text(
        cls, text: str, arrays: Mapping[str, NDArray[np.generic]], prefix: str
    ) -> BoostedTrees:
        """Return the trees whose state `text` and `arrays` gave."""
        import lightgbm

        base = np.asarray(arrays[f"{prefix}.base"], dtype=np.float64)
        present = np.asarray(arrays[f"{prefix}.present"], dtype=np.int32)
        booster = lightgbm.Booster(model_str=text) if text else None
        return cls(booster, present, base.size if base.ndim else 0, base)


def _rounds(settings: BoostingSettings, n_present: int, *, stops: bool) -> int:
    """Return how many rounds are grown; many classes need a tree each, every round."""
    rounds = settings.rounds if stops else settings.rounds // 2
    return max(20, min(rounds, _MOST_TREES // max(n_present, 1)))


def _dataset_parameters(settings: BoostingSettings, n: int) -> dict[str, Any]:
    return {
        "verbosity": -1,
        "num_threads": settings.threads,
        "min_data_in_leaf": int(np.clip(n // 50, 3, 20)),
        "min_data_in_bin": 1 if n < 500 else 3,
        "feature_pre_filter": False,
    }


def _parameters(settings: BoostingSettings, n: int, n_present: int) -> dict[str, Any]:
    objective: dict[str, Any] = {"objective": "regression"}
    if n_present == 2:
        objective = {"objective": "binary"}
    elif n_present:
        objective = {"objective": "multiclass", "num_class": n_present}
    return (
        _dataset_parameters(settings, n)
        | objective
        | {
            "learning_rate": settings.learning_rate,
            "num_leaves": settings.leaves,
            "cat_smooth": 10.0,
            "min_data_per_group": int(np.clip(n // 50, 3, 100)),
            "lambda_l2": 1.0,
            "seed": settings.seed,
            # Threads then never change a sum, so that the same seed is the same model anywhere.
            "deterministic": True,
            "force_row_wise": True,
        }
    )


def _held_out(
    data: lightgbm.Dataset,
    valid: tuple[NDArray[np.float32], NDArray[Any]] | None,
    present: NDArray[np.int32],
    n_classes: int,
) -> lightgbm.Dataset | None:
    """Return the rows to stop on; a class that training lacks has no loss, so its rows go."""
    if valid is None:
        return None
    features, targets = valid
    if n_classes:
        known = np.isin(targets, present)
        features, targets = features[known], np.searchsorted(present, targets[known])
    return data.create_valid(features, targets) if len(targets) else None
