"""Plans and analyses as a run would leave them, one for each state that the page must master."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from bakeoff.results.analysis import (
    Analysis,
    Comparison,
    Confusion,
    Disagreement,
    Estimate,
    MetricRecord,
    Money,
    ReliabilityBin,
    Row,
    Share,
    Verdict,
)
from bakeoff.results.records import (
    ColumnRecord,
    ContenderRecord,
    Cost,
    DataRecord,
    Finding,
    Plan,
    PriceRecord,
    SourceRecord,
    SplitRecord,
    TaskRecord,
)

VOLUME = 100_000
ACCURACY = MetricRecord("accuracy", "accuracy", True, True)
RECALL = MetricRecord("recall_macro", "recall (macro)", True, True)
F1 = MetricRecord("f1_macro", "F1 (macro)", True, True)
MCC = MetricRecord("mcc", "MCC", True, False)
MSE = MetricRecord("mse", "MSE", False, False)
SPEARMAN = MetricRecord("spearman", "Spearman", True, False)

HOSTILE = (
    "<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "</style><style>*{display:none}</style>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    '" onmouseover="alert(1)" x=\'',
    "$\\frac{a}{b}$ \x00\x1b[31mred\x1b[0m \u202egnp.exe\u2066 \ud800 ~0~",
    "url(http://evil.example/x.css)",
    "%s {0} {name} \\u003c",
)


def wilson(score: float, n: int) -> Estimate:
    z = 1.96
    middle = (score + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(score * (1 - score) / n + z * z / (4 * n * n))
    return Estimate(score, max(0.0, middle - half), min(1.0, middle + half), n, "wilson")


def around(value: float, half: float, n: int = 300, method: str = "bootstrap") -> Estimate:
    return Estimate(value, value - half, value + half, n, method)


def money(per_1000: float | None, unknown: tuple[str, ...] = ()) -> Money:
    return Money(per_1000, None if per_1000 is None else per_1000 * VOLUME / 1000, unknown)


def row(name: str, title: str, family: str, score: Estimate | None, **changes) -> Row:
    values = {
        "name": name,
        "title": title,
        "family": family,
        "state": "done",
        "reason": "",
        "learns": family not in ("answers", "llm"),
        "baseline": family == "baselines",
        "is_choice": False,
        "is_reference": False,
        "tied": False,
        "score": score,
        "score_everywhere": score,
        "lockbox": None,
        "metrics": {},
        "recall_per_class": (),
        "missing": {},
        "score_missing_dropped": None,
        "cost": Cost(),
        "money": money(None),
        "seeds": 1,
    }
    return Row(**(values | changes))


def learnt(train_s: float, latency_s: float, bytes_: int = 3_200_000) -> Cost:
    return Cost(
        train_s=train_s,
        spent_s=train_s / 3.1,
        wall_s=train_s / 2,
        latency_p50_s=latency_s,
        latency_p95_s=latency_s * 2.3,
        throughput_per_s=9 / latency_s,
        cpu_s_per_row=latency_s / 8,
        peak_memory_bytes=410_000_000,
        model_bytes=bytes_,
        parameters=bytes_ // 8,
    )


def versus(name: str, against: str, difference: Estimate, word: str, **changes) -> Comparison:
    values = {
        "name": name,
        "against": against,
        "difference": difference,
        "p": 0.012,
        "p_adjusted": 0.04,
        "test": "sign-flip",
        "word": word,
        "only_first_right": None,
        "only_second_right": None,
        "labels_needed": None,
        "labels_needed_beyond": False,
    }
    return Comparison(**(values | changes))


def planned(one: Row, **changes) -> ContenderRecord:
    values = {
        "name": one.name,
        "title": one.title,
        "family": one.family,
        "summary": "",
        "settings": {},
        "learns": one.learns,
        "deterministic": True,
        "baseline": one.baseline,
        "reads": ("text",),
        "unread": (),
        "rank": 1,
        "variant_of": one.variant_of,
    }
    return ContenderRecord(**(values | changes))


def plan_of(rows: tuple[Row, ...], reference: str, **changes) -> Plan:
    classes = changes.pop("classes", ("negative", "positive"))
    kind = "classification" if classes else "regression"
    origins = changes.pop("origins", {})
    settings = {"ngram-linear": {"C": 10.0, "words": "1-2", "characters": "2-5"}}
    values = {
        "version": 1,
        "name": "sst2",
        "command": "bakeoff run train.tsv.gz --test test.tsv.gz --target label "
        "--answers llm_answers.tsv --answers-price 41/1000 --volume 100k/month",
        "question": "55" * 32,
        "data": DataRecord(
            "sst2",
            "9f2c6ac1d3b1e47a0bb1f43f0a5b5c80f8b7a3c9b6a59c8f1d2e3f4a5b6c7d8e",
            (
                SourceRecord("train", "train.tsv.gz", "ab" * 32, 6920, 6915, 5),
                SourceRecord("test", "test.tsv.gz", "cd" * 32, 1821, 1821, 0),
            ),
            (
                ColumnRecord("sentence", "text", "input", "9.1 words a row on average"),
                ColumnRecord("label", "category", "target", "named on the command line"),
            ),
            (("train", 41, "two fields expected, three found"),),
        ),
        "task": TaskRecord(
            kind,
            "label" if classes else "score",
            ("sentence",),
            classes,
            ("accuracy", "recall_macro") if classes else ("mse", "spearman"),
            None,
        ),
        "splits": SplitRecord(
            "stratified",
            "lockbox",
            5,
            1,
            (1, 2, 3),
            6915,
            600,
            "official",
            "official",
            0,
            "12" * 32,
        ),
        "contenders": tuple(
            planned(
                one,
                settings=settings.get(one.name, {})
                | ({"origin": origins[one.name]} if one.name in origins else {}),
            )
            for one in rows
        ),
        "reference": reference,
        "reference_reason": "answers were given",
        "rope": 0.01 if classes else None,
        "alpha": 0.05,
        "preset": "balanced",
        "seed": 7,
        "time_limit_s": 600.0,
        "cell_limit_s": 120.0,
        "prices": PriceRecord(
            0.04, 2.0, VOLUME, {"answers:llm_answer": 0.041}, ("machine_per_cpu_hour",)
        ),
        "findings": (
            Finding(
                "class-counts",
                "info",
                {
                    "classes": 2,
                    "rows": 6920,
                    "largest": "positive",
                    "largest_rows": 3610,
                    "smallest": "negative",
                    "smallest_rows": 3310,
                },
            ),
            Finding(
                "duplicates-within",
                "info",
                {
                    "part": "main",
                    "rows": 6915,
                    "repeats": 42,
                    "exact": 11,
                    "near": 31,
                    "largest": 3,
                    "by_nature": False,
                },
                (18, 90),
            ),
            Finding(
                "rows-set-aside",
                "warning",
                {
                    "part": "main",
                    "rows": 5,
                    "of": 6920,
                    "first_line": 41,
                    "first_reason": "two fields expected, three found",
                    "reasons": "",
                },
            ),
        ),
        "detectable": 0.021,
        "sha256": "77" * 32,
    }
    return Plan(**(values | changes))


def verdict_of(choice: str, word: str, against: str, **changes) -> Verdict:
    values = {
        "choice": choice,
        "word": word,
        "why": "best",
        "regret": 0.0,
        "regret_upper": 0.0,
        "against": against,
        "comparison": None,
        "gap_upper": None,
        "tied": (choice,),
        "labels_used": 6915,
        "labels_needed": None,
        "labels_needed_beyond": False,
        "detectable": 0.02,
    }
    return Verdict(**(values | changes))


def analysis_of(rows, comparisons, verdict, **changes) -> Analysis:
    values = {
        "version": 1,
        "metrics": (ACCURACY, RECALL, F1, MCC),
        "rows": tuple(rows),
        "comparisons": tuple(comparisons),
        "verdict": verdict,
        "compared_rows": 600,
        "evidence": "lockbox",
        "confusions": (),
        "reliability": {},
        "scatter": {},
        "disagreements": (),
        "disagreements_in_all": 0,
        "disagreement_pair": None,
        "threats": (
            Finding("origin-not-recorded", "warning", {"contender": "answers:llm_answer"}),
            Finding("llm-may-have-seen-data", "warning", {"contender": "answers:llm_answer"}),
            Finding("answers-one-per-row", "info", {"contender": "answers:llm_answer"}),
            Finding("test-cannot-show", "info", {"detectable": 0.0203}),
            Finding("price-assumed", "info", {"names": "machine_per_cpu_hour"}),
            Finding("lockbox-openings", "info", {"openings": 1}),
        ),
        "lockbox_openings": 1,
        "environment": {"bakeoff": "0.1.0", "python": "3.11.9", "scikit-learn": "1.7.2"},
        "machine": "2 cores, 8 GB, no GPU",
        "date": "2026-11-23",
        "spent_cpu_s": 141.0,
        "wall_s": 84.0,
    }
    return Analysis(**(values | changes))


LLM = "answers:llm_answer"
TEXTS = (
    ("An hour in, I stopped looking at my watch; by the end I wished it were longer.", 1, 0, 1),
    ("It is not without charm, but charm alone cannot carry two hours of this.", 0, 1, 0),
    ("You will laugh, though rarely where the makers meant you to.", 0, 1, 0),
    ("Worth seeing once, on a plane, with the sound off.", 0, 1, 0),
    ("A film so quiet that its anger takes you by surprise. " * 8, 1, 0, 1),
    ("Never once does it reach for the easy tear.", 1, 0, 1),
    ("If this is what passes for wit, bring back silence.", 0, 1, 0),
)


def disagreements_of(names: tuple[str, str], classes, n: int = 20) -> tuple[Disagreement, ...]:
    return tuple(
        Disagreement(
            id=1000 + k,
            row=17 * k + 3,
            texts={"sentence": text},
            truth=classes[truth],
            first=classes[first],
            second=classes[second],
            first_confidence=0.51 + 0.02 * k,
            second_confidence=None,
        )
        for k in range(n)
        for text, truth, first, second in [TEXTS[k % len(TEXTS)]]
    )


def reliability_of(accuracies, n=600) -> tuple[ReliabilityBin, ...]:
    width = 0.5 / len(accuracies)
    return tuple(
        ReliabilityBin(
            0.5 + width * k,
            0.5 + width * (k + 1),
            rows,
            0.5 + width * (k + 0.5),
            wilson(accuracy, rows),
        )
        for k, accuracy in enumerate(accuracies)
        for rows in [max(8, n // (2 ** (len(accuracies) - k)))]
    )


def text_rows(choice: str, tied: tuple[str, ...] = (), llm: float = 0.98, n: int = 600):
    """The usual field on sentences, best first."""
    scores = {
        LLM: (LLM, "answers", llm, Cost(), 41.0),
        "ngram-linear": ("TF-IDF + linear", "ngram", 0.826, learnt(14.2, 0.0006), 0.0205),
        "stack": ("Stack of TF-IDF, Kneser-Ney", "combined", 0.822, learnt(61, 0.0031), 0.0213),
        "word2vec-linear": ("Word2Vec + linear", "embeddings", 0.793, learnt(38, 0.0011), 0.0208),
        "ngram-lm": ("n-gram language model", "ngram", 0.785, learnt(6.1, 0.002), 0.021),
        "neighbors-bm25": ("BM25 neighbours", "neighbors", 0.718, learnt(1.2, 0.009), 0.0242),
        "majority": ("majority class", "baselines", 0.499, learnt(0.01, 0.00002, 900), 0.02),
    }
    made = []
    for name, (title, family, score, cost, price) in scores.items():
        made.append(
            row(
                name,
                title,
                family,
                wilson(score, n),
                is_choice=name == choice,
                is_reference=name == LLM,
                tied=name in tied or name == choice,
                metrics={"recall_macro": score - 0.002, "f1_macro": score - 0.003, "mcc": 0.65},
                recall_per_class=(score - 0.02, score + 0.016),
                cost=cost,
                money=money(price),
                seeds=3 if family == "combined" else 1,
                lockbox=wilson(score, n),
            )
        )
    return made


def cascade_row(choice: str, score: float = 0.975, share: float = 0.4, tied=True, n=600) -> Row:
    name = f"cascade:ngram-linear>{LLM}"
    return row(
        name,
        "TF-IDF + linear, unsure rows to the LLM",
        "combined",
        wilson(score, n),
        is_choice=choice == name,
        tied=tied,
        metrics={"recall_macro": score, "f1_macro": score, "mcc": 0.93},
        recall_per_class=(score, score),
        cost=learnt(15.0, 0.0007),
        money=replace(money(41 * share + 0.02), per_1000_low=13.1, per_1000_high=20.2),
        share_sent=share,
    )


def shares_of(reference: float, scores: dict[float, float]) -> tuple[Share, ...]:
    return tuple(
        Share(share, wilson(score, 600), around(score - reference, 0.014), money(41 * share + 0.02))
        for share, score in scores.items()
    )


def llm_better():
    """(a) The LLM is much better; a cascade matches it for less."""
    cascade = cascade_row(f"cascade:ngram-linear>{LLM}")
    rows = text_rows("", tied=(LLM,))
    rows = [rows[0], cascade, *rows[1:]]
    gaps = {"ngram-linear": 0.154, "stack": 0.158, "word2vec-linear": 0.187, "ngram-lm": 0.195}
    gaps |= {"neighbors-bm25": 0.262, "majority": 0.481}
    pair = versus(cascade.name, LLM, around(-0.005, 0.006), "equivalent", p_adjusted=0.29)
    comparisons = [pair] + [
        versus(name, LLM, around(-gap, 0.031), "worse", p_adjusted=0.0001, only_first_right=9,
               only_second_right=101, p_better=0.0, p_equivalent=0.0, p_worse=1.0)
        for name, gap in gaps.items()
    ]  # fmt: skip
    verdict = verdict_of(
        cascade.name,
        "equivalent",
        LLM,
        why="cheapest-of-tied",
        regret=0.005,
        regret_upper=0.0093,
        comparison=pair,
        gap_upper=0.0093,
        tied=(LLM, cascade.name),
        shares=shares_of(0.98, {0.05: 0.845, 0.1: 0.874, 0.2: 0.925, 0.4: 0.975}),
        closing_share=0.4,
        cascade=cascade.name,
    )
    plan = plan_of(tuple(rows), LLM, origins={LLM: "llm"})
    analysis = analysis_of(
        rows,
        comparisons,
        verdict,
        confusions=(
            Confusion(cascade.name, ("negative", "positive"), ((291, 9, 0), (6, 294, 0))),
            Confusion(LLM, ("negative", "positive"), ((295, 5, 0), (7, 293, 0))),
        ),
        reliability={cascade.name: reliability_of((0.55, 0.71, 0.86, 0.93, 0.98))},
        disagreements=disagreements_of((cascade.name, LLM), ("negative", "positive")),
        disagreements_in_all=27,
        disagreement_pair=(cascade.name, LLM),
    )
    return plan, analysis


def small_equivalent():
    """(b) A small model is as good, and costs a two-thousandth."""
    rows = text_rows("ngram-linear", tied=(LLM, "stack"), llm=0.83, n=4000)
    pair = versus("ngram-linear", LLM, around(-0.004, 0.0066), "equivalent", p_adjusted=0.31,
                  only_first_right=212, only_second_right=228)  # fmt: skip
    comparisons = [
        pair,
        versus("stack", LLM, around(-0.008, 0.011), "undecided", labels_needed=2312),
        versus("word2vec-linear", LLM, around(-0.037, 0.012), "worse"),
        versus("ngram-lm", LLM, around(-0.045, 0.012), "worse"),
        versus("neighbors-bm25", LLM, around(-0.112, 0.014), "worse"),
        versus("majority", LLM, around(-0.331, 0.02), "worse"),
    ]
    verdict = verdict_of(
        "ngram-linear",
        "equivalent",
        LLM,
        why="cheapest-of-tied",
        regret=0.004,
        regret_upper=0.0102,
        comparison=pair,
        gap_upper=0.0093,
        tied=(LLM, "ngram-linear", "stack"),
        shares=shares_of(0.83, {0.05: 0.828, 0.08: 0.831, 0.2: 0.834, 0.4: 0.833}),
        closing_share=0.08,
        cascade=f"cascade:ngram-linear>{LLM}",
    )
    reliability = {
        "ngram-linear": reliability_of((0.54, 0.58, 0.66, 0.79, 0.86), 4000),
        LLM: reliability_of((0.6, 0.7, 0.8, 0.84, 0.86), 4000),
    }
    names = ("ngram-linear", LLM)
    classes = ("negative", "positive")
    analysis = analysis_of(
        rows,
        comparisons,
        verdict,
        compared_rows=4000,
        confusions=(Confusion("ngram-linear", classes, ((1612, 388, 0), (308, 1692, 0))),),
        reliability=reliability,
        disagreements=disagreements_of(names, classes),
        disagreements_in_all=440,
        disagreement_pair=names,
    )
    return plan_of(tuple(rows), LLM), analysis


def undecided():
    """(c) 400 rows cannot tell; about 310 more labels would."""
    rows = text_rows("ngram-linear", tied=(LLM, "stack", "word2vec-linear"), llm=0.84, n=400)
    pair = versus("ngram-linear", LLM, around(-0.014, 0.031, 400), "undecided", p_adjusted=0.36,
                  labels_needed=312, only_first_right=31, only_second_right=37)  # fmt: skip
    comparisons = [
        pair,
        versus("stack", LLM, around(-0.018, 0.03, 400), "undecided", labels_needed=288),
        versus("word2vec-linear", LLM, around(-0.047, 0.05, 400), "undecided", labels_needed=4000,
               labels_needed_beyond=True),
        versus("ngram-lm", LLM, around(-0.055, 0.05, 400), "worse"),
    ]  # fmt: skip
    verdict = verdict_of(
        "ngram-linear",
        "undecided",
        LLM,
        why="cheapest-of-tied",
        regret=0.014,
        regret_upper=0.0441,
        comparison=pair,
        gap_upper=0.0404,
        labels_used=400,
        labels_needed=312,
        tied=(LLM, "ngram-linear", "stack", "word2vec-linear"),
    )
    names = ("ngram-linear", LLM)
    analysis = analysis_of(
        rows,
        comparisons,
        verdict,
        compared_rows=400,
        evidence="oof",
        disagreements=disagreements_of(names, ("negative", "positive"), 5),
        disagreements_in_all=68,
        disagreement_pair=names,
    )
    return plan_of(tuple(rows), LLM), analysis


def nothing_beats_guessing():
    """(d) The inputs say nothing about the target."""
    rows = [
        row("ngram-linear", "TF-IDF + linear", "ngram", wilson(0.517, 240), cost=learnt(2, 0.0005),
            metrics={"recall_macro": 0.51}, money=money(0.02), tied=True),
        row("majority", "majority class", "baselines", wilson(0.508, 240), is_choice=True,
            is_reference=True, tied=True, metrics={"recall_macro": 0.5}, money=money(0.02)),
        row("ngram-lm", "n-gram language model", "ngram", wilson(0.496, 240), tied=True,
            metrics={"recall_macro": 0.49}, money=money(0.021)),
    ]  # fmt: skip
    pair = versus("ngram-linear", "majority", around(0.009, 0.06), "undecided", labels_needed=2400,
                  labels_needed_beyond=True)  # fmt: skip
    verdict = verdict_of(
        "majority",
        "nothing-beats-guessing",
        "ngram-linear",
        regret=0.009,
        regret_upper=0.0574,
        comparison=pair,
        gap_upper=0.0574,
        labels_used=240,
        labels_needed=2400,
        labels_needed_beyond=True,
        detectable=0.084,
        tied=tuple(one.name for one in rows),
    )
    return plan_of(tuple(rows), "majority", name="coin-flips"), analysis_of(
        rows, [pair], verdict, compared_rows=240, evidence="oof", threats=()
    )


def two_contenders():
    """(e) Two contenders, no LLM, the choice better."""
    rows = [
        row("tabular-boosting", "gradient boosting", "tabular", wilson(0.914, 900), is_choice=True,
            tied=True, cost=learnt(21, 0.0009), metrics={"recall_macro": 0.88},
            money=money(0.0207)),
        row("tabular-linear", "linear", "tabular", wilson(0.871, 900), is_reference=True,
            cost=learnt(0.4, 0.0001), metrics={"recall_macro": 0.82}, money=money(0.0201)),
    ]  # fmt: skip
    pair = versus(rows[0].name, rows[1].name, around(0.043, 0.021), "better", only_first_right=61,
                  only_second_right=22)  # fmt: skip
    verdict = verdict_of(rows[0].name, "better", rows[1].name, comparison=pair, gap_upper=-0.02)
    return plan_of(tuple(rows), rows[1].name, name="churn"), analysis_of(
        rows, [pair], verdict, compared_rows=900, threats=()
    )


def failures():
    """(f) One contender failed, one was left out."""
    plan, analysis = small_equivalent()
    lost = [
        row("word2vec-linear", "Word2Vec + linear", "embeddings", None, state="failed",
            reason="MemoryError while counting words (2 attempts)"),
        row("neighbors-bm25", "BM25 neighbours", "neighbors", None, state="dropped",
            reason="would take 14 min of the 10 min allowed"),
    ]  # fmt: skip
    rows = [one for one in analysis.rows if one.name not in {gone.name for gone in lost}] + lost
    threats = (
        Finding("failed-contenders", "warning", {"count": 1, "contenders": "word2vec-linear"}),
        Finding("dropped-contenders", "warning", {"count": 1, "contenders": "neighbors-bm25"}),
        *analysis.threats,
    )
    kept = tuple(one for one in analysis.comparisons if one.name in {r.name for r in rows[:-2]})
    return plan, replace(analysis, rows=tuple(rows), threats=threats, comparisons=kept)


def regression():
    """(g) A number is predicted, some answers are missing, the LLM is better."""
    generator = np.random.default_rng(5)
    truth = generator.uniform(0, 5, 300)

    def guessed(noise: float) -> tuple[tuple[float, float], ...]:
        guess = np.clip(truth + generator.normal(0, noise, 300), -0.4, 5.6)
        return tuple(zip(truth.tolist(), guess.tolist(), strict=True))

    rows = [
        row(LLM, LLM, "answers", around(0.349, 0.06), is_choice=True, is_reference=True, tied=True,
            metrics={"spearman": 0.927}, money=money(41.0), missing={"missing": 4}),
        row("pair-linear", "pair features + linear", "ngram", around(1.31, 0.21),
            cost=learnt(11, 0.0012), metrics={"spearman": 0.702}, money=money(0.0203)),
        row("mean", "mean", "baselines", around(2.28, 0.25), metrics={"spearman": 0.0},
            money=money(0.02)),
    ]  # fmt: skip
    pair = versus("pair-linear", LLM, around(-0.961, 0.22), "worse", p_adjusted=0.0001)
    verdict = verdict_of(
        LLM,
        "better",
        "pair-linear",
        comparison=pair,
        gap_upper=-0.7,
        labels_used=5749,
        detectable=0.3,
        shares=(Share(0.2, around(0.92, 0.2), around(-0.57, 0.2), money(8.22)),),
        cascade=f"cascade:pair-linear>{LLM}",
    )
    threats = (
        Finding("partial-answers", "warning", {"contender": LLM, "answered": 296, "rows": 1379}),
        Finding(
            "missing-answers",
            "warning",
            {"contender": LLM, "rows": 4, "share": 4 / 300, "score": 0.349, "score_dropped": 0.301},
        ),
    )
    analysis = analysis_of(
        rows,
        [pair, versus("mean", LLM, around(-1.93, 0.3), "worse")],
        verdict,
        metrics=(MSE, SPEARMAN),
        compared_rows=300,
        scatter={LLM: guessed(0.55), "pair-linear": guessed(1.1)},
        threats=threats,
        disagreements=tuple(
            Disagreement(k, k, {"sentence1": "A man plays a flute.", "sentence2": "A man eats."},
                         "0.8", "1.2", "3.41", None, None)
            for k in range(3)
        ),
        disagreements_in_all=3,
        disagreement_pair=(LLM, "pair-linear"),
    )  # fmt: skip
    plan = plan_of(tuple(rows), LLM, classes=(), name="stsb", findings=(), origins={LLM: "llm"})
    return plan, analysis


def many_classes():
    """(h) 150 classes, 14 contenders."""
    generator = np.random.default_rng(3)
    classes = tuple(f"intent_{k:03d}_with_a_rather_long_name" for k in range(150))
    counts = generator.integers(0, 2, (150, 151)) * generator.integers(0, 2, (150, 151))
    counts[:, 150] = 0
    counts[np.arange(150), np.arange(150)] = 40
    counts[17, 23] = 22
    rows = [
        row(f"ngram-linear@{k}", f"TF-IDF + linear, setting {k}", "ngram",
            wilson(0.93 - k / 80, 500),
            is_choice=k == 0, is_reference=k == 13, tied=k < 3,
            metrics={"recall_macro": 0.9 - k / 80},
            recall_per_class=tuple(0.5 + 0.003 * c for c in range(150)), cost=learnt(9 + k, 0.001),
            money=money(0.02 * (k + 1)))
        for k in range(14)
    ]  # fmt: skip
    comparisons = [
        versus(one.name, rows[13].name, around((13 - k) / 80, 0.03), "better")
        for k, one in enumerate(rows[:13])
    ]
    verdict = verdict_of(rows[0].name, "better", rows[13].name, comparison=comparisons[0],
                         regret_upper=0.004, gap_upper=-0.13)  # fmt: skip
    confusion = Confusion(rows[0].name, classes, tuple(tuple(map(int, line)) for line in counts))
    return plan_of(tuple(rows), rows[13].name, classes=classes, name="banking"), analysis_of(
        rows, comparisons, verdict, confusions=(confusion,), compared_rows=500
    )


def no_prices():
    """(i) No price is known."""
    plan, analysis = small_equivalent()
    rows = tuple(replace(one, money=money(None, ("answers",))) for one in analysis.rows)
    shares = tuple(replace(one, money=money(None)) for one in analysis.verdict.shares)
    verdict = replace(analysis.verdict, shares=shares, why="local-of-tied")
    threats = (Finding("price-unknown", "warning", {"names": LLM}), *analysis.threats)
    return plan, replace(analysis, rows=rows, verdict=verdict, threats=threats)


def chinese():
    """(j) Chinese data: take-away reviews."""
    plan, analysis = llm_better()
    texts = (
        "送餐很快，味道也不错，下次还会点",
        "等了两个小时，饭都凉了，差评",
        "还行吧，就是分量有点少",
    )
    sample = tuple(
        Disagreement(
            k, k, {"评价": texts[k % 3] * (1 + 14 * (k == 2))}, "好评", "差评", "好评", 0.6, None
        )
        for k in range(6)
    )
    classes = ("差评", "好评")
    plan = replace(
        plan, name="外卖评价", task=replace(plan.task, classes=classes, target="评价标签")
    )
    confusions = tuple(replace(one, classes=classes) for one in analysis.confusions)
    return plan, replace(analysis, disagreements=sample, confusions=confusions)


def one_disagreement():
    """(k) They differ on one row only."""
    plan, analysis = two_contenders()
    names = (analysis.rows[0].name, analysis.rows[1].name)
    return plan, replace(
        analysis,
        disagreements=disagreements_of(names, ("negative", "positive"), 1),
        disagreements_in_all=1,
        disagreement_pair=names,
    )


def no_disagreement():
    """(k) They never differ."""
    plan, analysis = one_disagreement()
    return plan, replace(analysis, disagreements=(), disagreements_in_all=0)


def only_one():
    """A single contender: nothing to compare with."""
    plan, analysis = two_contenders()
    rows = (analysis.rows[0],)
    verdict = replace(analysis.verdict, why="only-one", against="", comparison=None, gap_upper=None)
    return replace(plan, contenders=plan.contenders[:1], reference=rows[0].name), replace(
        analysis, rows=rows, comparisons=(), verdict=verdict
    )


CASES = {
    builder.__name__: builder
    for builder in (
        llm_better, small_equivalent, undecided, nothing_beats_guessing, two_contenders, failures,
        regression, many_classes, no_prices, chinese, one_disagreement, no_disagreement, only_one,
    )
}  # fmt: skip


@pytest.fixture(params=sorted(CASES))
def case_name(request) -> str:
    return request.param


@pytest.fixture
def records(case_name):
    """A plan and its analysis, for each state in turn."""
    return CASES[case_name]()


@pytest.fixture
def make():
    """Builders by name, for a test that needs one state."""
    return CASES


@pytest.fixture
def build():
    """The builders of records themselves, for a test with a case of its own."""
    return SimpleNamespace(
        row=row, versus=versus, plan_of=plan_of, verdict_of=verdict_of, analysis_of=analysis_of
    )


@pytest.fixture
def hostile() -> tuple[str, ...]:
    return HOSTILE
