"""The model and tokeniser that a pre-training begins with: new ones, or those of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bakeoff.apps.pretrain.corpus import texts_to_learn
from bakeoff.core.errors import ArtefactError, UsageError
from bakeoff.models.encoder_files import read_checkpoint
from bakeoff.models.pretraining.build import make_model
from bakeoff.models.pretraining.tokenisers import train_tokeniser

if TYPE_CHECKING:
    from bakeoff.apps.pretrain.settings import Settings

_TYPES = {"clm": ("gpt2", "llama", "qwen2", "mistral"), "mlm": ("bert",), "mlm+nsp": ("bert",)}
"""Architectures that can be gone on with."""
_NEEDED = {"clm": ("eos_token",), "mlm": ("cls_token", "sep_token", "mask_token")}


def begin_tokenizer(settings: Settings, folder: Path) -> Any:
    """Return the tokeniser: of a folder, or trained on the text and kept in ``folder``.

    Raises:
        ArtefactError: A folder's tokeniser cannot be read, or lacks tokens of the objective.
    """
    from transformers import AutoTokenizer

    given = settings.tokenizer or settings.begin_from
    if given or (folder / "tokenizer.json").is_file():
        place = Path(given).expanduser() if given else folder
        try:
            tokenizer = AutoTokenizer.from_pretrained(str(place), local_files_only=True)
        except (OSError, ValueError) as error:
            raise ArtefactError(
                f"there is no tokenizer in {place}",
                where=str(place),
                why=str(error).splitlines()[0],
                fix="name a folder with a tokenizer.json, or leave --tokenizer out",
            ) from error
        _check_tokens(settings.objective, tokenizer, place)
        return tokenizer
    tokenizer = train_tokeniser(
        texts_to_learn(settings),
        causal=settings.objective == "clm",
        vocabulary=settings.vocabulary,
        longest=settings.length,
    )
    tokenizer.save_pretrained(folder)
    return tokenizer


def begin_model(settings: Settings, tokenizer: Any) -> Any:
    """Return the model; random weights are drawn from torch's generator.

    Raises:
        UsageError: A folder's model is of another kind, or reads fewer tokens.
        ArtefactError: A folder holds no whole checkpoint in safe files.
    """
    if not settings.begin_from:
        return make_model(
            settings.objective,
            settings.shape(),
            length=settings.length,
            tokenizer=tokenizer,
            dropout=settings.dropout,
        )
    import transformers

    found = read_checkpoint(Path(settings.begin_from).expanduser())
    known = _TYPES[settings.objective]
    if found.model_type not in known:
        raise UsageError(
            f"--from names a model of type '{found.model_type}'",
            where=str(found.folder),
            why=f"--objective {settings.objective} goes on with: {', '.join(known)}",
            fix="name another folder, or another objective",
        )
    classes = {"clm": "AutoModelForCausalLM", "mlm": "AutoModelForMaskedLM"}
    name = classes.get(settings.objective, "AutoModelForPreTraining")
    model: Any = getattr(transformers, name).from_pretrained(
        str(found.folder), local_files_only=True, use_safetensors=True
    )
    longest = getattr(model.config, "max_position_embeddings", settings.length)
    if settings.length > longest:
        raise UsageError(
            f"--length is {settings.length}",
            where=str(found.folder),
            why=f"the model reads {longest} tokens",
            fix=f"--length {longest}",
        )
    if len(tokenizer) > model.config.vocab_size:
        raise ArtefactError(
            f"the tokenizer has {len(tokenizer)} tokens and the model {model.config.vocab_size}",
            where=str(found.folder),
        )
    return model.float()


def _check_tokens(objective: str, tokenizer: Any, place: Path) -> None:
    absent = [
        name
        for name in _NEEDED["clm" if objective == "clm" else "mlm"]
        if getattr(tokenizer, name, None) is None
    ]
    if absent or tokenizer.backend_tokenizer is None:
        raise ArtefactError(
            f"the tokenizer in {place} has no {' and no '.join(absent)}",
            where=str(place),
            why=f"--objective {objective} needs it",
            fix="name another tokenizer, or leave --tokenizer out to train one",
        )
