"""What a trained encoder is afterwards: rows in, the net asked, its size told."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bakeoff.contenders.base import Facts, Fitted
from bakeoff.contenders.pretrained.on_encoder import MODALITIES
from bakeoff.core.errors import ArtefactError
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import save_state

if TYPE_CHECKING:
    from pathlib import Path

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.encoder_source import EncoderSource
    from bakeoff.models.encoders import TextEncoder
    from bakeoff.models.image_encoders import ImageEncoder
    from bakeoff.models.nets.encoder_head import EncoderHead
    from bakeoff.models.state import State, Value
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.training.rows import Rows
    from bakeoff.training.targets import TargetScale


@dataclass(frozen=True, slots=True)
class EncoderReader:
    """How rows become what an encoder reads; several text columns are read as a pair, at once.

    Args:
        columns: Of the encoder's modality.
        encoder: As it was before it was trained.
    """

    columns: tuple[str, ...]
    encoder: TextEncoder | ImageEncoder

    @classmethod
    def of(
        cls, columns: tuple[str, ...], source: EncoderSource, longest: int, pooling: str
    ) -> EncoderReader:
        """Return the reader, its encoder loaded.

        Raises:
            ArtefactError: The encoder cannot be read.
        """
        if source.modality == "image":
            from bakeoff.models.image_encoders import load_image_encoder

            return cls(columns, load_image_encoder(source, pooling=pooling))
        from bakeoff.models.encoders import load_text_encoder

        return cls(columns, load_text_encoder(source, longest=longest, pooling=pooling))

    @classmethod
    def fit(
        cls, inputs: Inputs, source: EncoderSource, longest: int, pooling: str
    ) -> EncoderReader:
        """Return the reader of all columns that the encoder can read."""
        return cls.of(inputs.named(MODALITIES[source.modality]), source, longest, pooling)

    @property
    def source(self) -> EncoderSource:
        """Which encoder it is."""
        return self.encoder.source

    def rows(self, inputs: Inputs) -> Rows:
        """Return the rows as the net reads them."""
        from bakeoff.models.image_encoders import ImageEncoder
        from bakeoff.training.encoder_rows import encoder_rows
        from bakeoff.training.picture_rows import PictureRows

        if isinstance(self.encoder, ImageEncoder):
            return PictureRows(self.encoder, inputs.images(self.columns[0]))
        return encoder_rows(self.encoder, [inputs.texts(name) for name in self.columns])

    def fresh_net(
        self, width: int, *, dropout: float = 0.0, encoder_dropout: float = 0.0
    ) -> EncoderHead:
        """Return a copy of the encoder, with a fresh head, that may be trained."""
        from bakeoff.models.nets.encoder_head import EncoderHead, set_dropout, without_pooler

        encoder = copy.deepcopy(self.encoder.net)
        set_dropout(encoder, encoder_dropout)
        reads_text = self.source.modality == "text"
        if reads_text:
            without_pooler(encoder.model)
        return EncoderHead(encoder, self.encoder.width, width, dropout=dropout, autocast=reads_text)


@dataclass(frozen=True, slots=True)
class TunedNet:
    """A trained net and all that it takes to ask it.

    Args:
        reader: How rows become what it reads.
        scale: How its outputs become predictions.
        net: In evaluation mode.
        precision: In which it was trained, and predicts: ``"fp32"`` or ``"bf16"``.
        trained_parameters: Weights that were learned here.
        flops: Of a prediction; None where they cannot be counted.
    """

    reader: EncoderReader
    scale: TargetScale
    net: EncoderHead
    precision: str
    trained_parameters: int
    flops: float | None = None

    @property
    def model(self) -> Any:
        """The encoder from transformers."""
        return self.net.encoder.model

    def save(self, folder: Path) -> None:
        """Write everything but the encoder."""
        values: dict[str, Value] = {
            "columns": list(self.reader.columns),
            "encoder": self.reader.source.asked,
            "digest": self.reader.source.digest(),
            "precision": self.precision,
            "trained_parameters": self.trained_parameters,
            "flops": self.flops,
            **self.scale.values(),
        }
        head = {f"head.{n}": w.detach().cpu().numpy() for n, w in self.net.head.named_parameters()}
        save_state(folder, values, head)

    @classmethod
    def load(cls, state: State, reader: EncoderReader, task: TaskSpec) -> TunedNet:
        """Return what was saved, on the reader's encoder as it is.

        Raises:
            ArtefactError: A value is absent, or the head is of another task or encoder.
        """
        import torch

        from bakeoff.training.targets import TargetScale

        scale = TargetScale.of(state, len(task.classes))
        net = reader.fresh_net(scale.width)
        with torch.no_grad():
            for name, weight in net.head.named_parameters():
                array = state.arrays.get(f"head.{name}")
                if array is None or array.shape != tuple(weight.shape):
                    raise ArtefactError(
                        "the saved head is of another task or encoder", fix="train it again"
                    )
                weight.copy_(torch.from_numpy(array))
        learned = int(state.number("trained_parameters"))
        precision, flops = str(state.values.get("precision")), state.values.get("flops")
        known = flops if isinstance(flops, float) else None
        return cls(reader, scale, net.eval(), precision, learned, known)


@dataclass(frozen=True, slots=True)
class TunedFitted(Fitted):
    """A trained net that predicts; a subclass says how it is saved."""

    tuned: TunedNet

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        from bakeoff.training.outputs import net_outputs

        tuned = self.tuned
        raw = net_outputs(
            tuned.net,
            tuned.reader.rows(inputs),
            width=tuned.scale.width,
            device=context.device,
            threads=context.threads,
            precision=tuned.precision,
        )
        return to_predictions(inputs.ids, tuned.scale.predictions(raw))

    def facts(self) -> Facts:
        """Return the size of the whole net."""
        weights = list(self.tuned.net.parameters())
        return Facts(
            parameters=sum(weight.numel() for weight in weights),
            trained_parameters=self.tuned.trained_parameters,
            flops_per_row=self.tuned.flops,
            model_bytes=sum(weight.numel() * weight.element_size() for weight in weights),
        )
