"""Names of contenders, and how a spec string becomes one.

A spec is ``NAME[@setting=value]...[:ARGUMENT]``: ``ngram-linear``, ``ngram-linear@C=1``,
``answers:gpt_answer``, ``cascade@share=0.1:ngram-linear>answers:gpt_answer``. In the argument of a
combined contender, a part that itself has an argument with ``>`` or ``+`` stands in parentheses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bakeoff.core.errors import UsageError
from bakeoff.core.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bakeoff.contenders.base import Contender

_HEAD = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)(?P<settings>(?:@[A-Za-z_]\w*=[^@:]*)*)$")

CONTENDERS: Registry[type[Contender]] = Registry(
    what="contender",
    built_in={
        "majority": "bakeoff.contenders.baselines.majority:Majority",
        "stratified-random": "bakeoff.contenders.baselines.stratified_random:StratifiedRandom",
        "ngram-linear": "bakeoff.contenders.ngram.ngram_linear:NgramLinear",
        "answers": "bakeoff.contenders.answers.column:Answers",
        "cascade": "bakeoff.contenders.combined.cascade:Cascade",
        "vote": "bakeoff.contenders.combined.vote:Vote",
        "stack": "bakeoff.contenders.combined.stack:Stack",
        "distilled": "bakeoff.contenders.combined.distilled:Distilled",
        "tuned": "bakeoff.contenders.combined.tuned:Tuned",
        "ngram-lm": "bakeoff.contenders.ngram.ngram_lm:NgramLm",
        "pair-linear": "bakeoff.contenders.pairs.pair_linear:PairLinear",
        "bm25-knn": "bakeoff.contenders.neighbours.bm25_knn:Bm25Knn",
        "pixels-linear": "bakeoff.contenders.images.pixels_linear:PixelsLinear",
        "hog-linear": "bakeoff.contenders.images.pixels_linear:HogLinear",
        "pixels-knn": "bakeoff.contenders.neighbours.pixels_knn:PixelsKnn",
        "tabular-linear": "bakeoff.contenders.tabular.tabular_linear:TabularLinear",
        "lightgbm": "bakeoff.contenders.tabular.lightgbm_trees:LightGbm",
        "word2vec-linear": "bakeoff.contenders.embeddings.word2vec_linear:Word2VecLinear",
        "text-cnn": "bakeoff.contenders.nets.text_cnn:TextCnn",
        "rnn": "bakeoff.contenders.nets.rnn:Rnn",
        "lstm": "bakeoff.contenders.nets.lstm:Lstm",
        "gru": "bakeoff.contenders.nets.gru:Gru",
        "transformer": "bakeoff.contenders.nets.transformer:Transformer",
        "cnn": "bakeoff.contenders.nets.cnn:Cnn",
        "resnet": "bakeoff.contenders.nets.resnet:ResNet",
        "vit": "bakeoff.contenders.nets.vit:Vit",
        "tabular-mlp": "bakeoff.contenders.nets.tabular_mlp:TabularMlp",
        "feature-net": "bakeoff.contenders.pretrained.feature_net:FeatureNetLinear",
        "fused": "bakeoff.contenders.fused.fused:Fused",
        "encoder-frozen": "bakeoff.contenders.pretrained.frozen:EncoderFrozen",
        "encoder-finetuned": "bakeoff.contenders.pretrained.finetuned:EncoderFineTuned",
        "encoder-lora": "bakeoff.contenders.pretrained.lora:EncoderLora",
        "encoder-static": "bakeoff.contenders.pretrained.static:EncoderStatic",
        "encoder-zeroshot": "bakeoff.contenders.pretrained.zeroshot:EncoderZeroshot",
        "llm": "bakeoff.contenders.prompted.llm:PromptedLlm",
        "hf-llm": "bakeoff.contenders.prompted.local:LocalLlm",
        "hf": "bakeoff.contenders.pretrained.hugging_face:HuggingFace",
        "sklearn": "bakeoff.contenders.foreign.sklearn_estimator:SklearnEstimator",
        "python": "bakeoff.contenders.foreign.python_callable:PythonCallable",
        "uniform-bytes": "bakeoff.contenders.baselines.byte_frequencies:UniformBytes",
        "byte-frequencies": "bakeoff.contenders.baselines.byte_frequencies:ByteFrequencies",
        "zlib-primed": "bakeoff.contenders.compressors.zlib_primed:ZlibPrimed",
        "byte-ngram": "bakeoff.contenders.ngram.byte_ngram:ByteNgram",
        "word-ngram": "bakeoff.contenders.ngram.word_ngram:WordNgram",
        "rnn-lm": "bakeoff.contenders.nets.recurrent_lm:RnnLm",
        "lstm-lm": "bakeoff.contenders.nets.recurrent_lm:LstmLm",
        "gru-lm": "bakeoff.contenders.nets.recurrent_lm:GruLm",
        "transformer-lm": "bakeoff.contenders.nets.transformer_lm:TransformerLm",
        "gpt": "bakeoff.contenders.nets.transformer_lm:Gpt",
    },
    group="bakeoff.contenders",
)
"""To add one: write its file, then a line in ``built_in`` (or an entry point in this group)."""


def make_contender(spec: str) -> Contender:
    """Return the contender that a spec string names.

    Raises:
        UsageError: The spec cannot be read, or names no contender or setting; the message shows
            the nearest names.
        MissingExtraError: It needs an optional package that is not installed.
    """
    head, _, argument = spec.strip().partition(":")
    match = _HEAD.match(head)
    if match is None:
        raise UsageError(
            f"cannot read the contender '{spec}'",
            why="a contender is written NAME[@setting=value][:ARGUMENT]",
            fix="'bakeoff list' shows all names",
        )
    settings = dict(item.split("=", 1) for item in match["settings"].split("@")[1:])
    return CONTENDERS.load(match["name"]).from_spec(argument, settings, make_contender)


def split_parts(argument: str, separator: str) -> list[str]:
    """Split a combined contender's argument at ``separator``, parentheses kept whole and removed.

    Example:
        >>> split_parts("(vote:a+b)+c", "+")
        ['vote:a+b', 'c']
    """
    parts, depth, current = [], 0, ""
    for letter in argument:
        depth += (letter == "(") - (letter == ")")
        if letter == separator and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += letter
    parts.append(current)
    return [p[1:-1] if p.startswith("(") and p.endswith(")") else p for p in parts]


def join_parts(names: Iterable[str], separator: str) -> str:
    """Return the argument that `split_parts` reads back."""
    return separator.join(f"({n})" if set(n) & {">", "+"} else n for n in names)
