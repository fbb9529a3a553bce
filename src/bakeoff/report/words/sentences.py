"""The decision: choice; regret and certainty; money and what to do next."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    # Names of contenders
    "name.llm": (
        "the large language model (name not recorded)",
        "大语言模型（名称未记录）",
    ),
    "name.llm-again": ("the LLM", "该大模型"),
    "name.llm-label": ("LLM", "大模型"),
    "name.answers": (
        "\u201c{column}\u201d (answers of unrecorded origin)",
        "\u201c{column}\u201d（来源未记录的答案）",
    ),
    "name.answers-again": ("\u201c{column}\u201d", "\u201c{column}\u201d"),
    # Amounts
    "amount.point": ("{number} point", "{number} 个百分点"),
    "amount.points": ("{number} points", "{number} 个百分点"),
    "amount.named": ("{number} in {metric}", "{metric} {number}"),
    "amount.unit": (" in {metric}", "（{metric}）"),
    # The first sentence
    "take.right": (
        "Take {choice}: it gets {right} of {base} predictions right",
        "建议选用 {choice}：每 {base} 次预测约对 {right} 次",
    ),
    "take.right-against": (
        "Take {choice}: of {base} predictions it gets {right} right, {against} {other}",
        "建议选用 {choice}：每 {base} 次预测，它约对 {right} 次，{against} 约对 {other} 次",
    ),
    "take.off": (
        "Take {choice}: its predictions are typically {off} off",
        "建议选用 {choice}：其预测的典型误差约为 {off}",
    ),
    "take.off-against": (
        "Take {choice}: its predictions are typically {off} off, those of {against} {other}",
        "建议选用 {choice}：其预测的典型误差约为 {off}，{against} 约为 {other}",
    ),
    "take.score": (
        "Take {choice}: its {metric} is {score}",
        "建议选用 {choice}：其{metric}为 {score}",
    ),
    "take.score-against": (
        "Take {choice}: its {metric} is {score}, that of {against} {other}",
        "建议选用 {choice}：其{metric}为 {score}，{against} 为 {other}",
    ),
    "take.together": (
        "Take the two together: {first} answers, and the {share} of rows on which it is least sure "
        "go to {second}",
        "建议两者级联：先由 {first} 回答，其中最没有把握的 {share} 交给 {second}",
    ),
    "together.right": (
        "{right} of {base} predictions are right",
        "每 {base} 次预测约对 {right} 次",
    ),
    "together.right-against": (
        "{right} of {base} predictions are right, against {other} for {against} alone",
        "每 {base} 次预测约对 {right} 次，单用 {against} 约对 {other} 次",
    ),
    "together.score": ("the {metric} is {score}", "{metric}为 {score}"),
    "together.score-against": (
        "the {metric} is {score}, against {other} for {against} alone",
        "{metric}为 {score}，单用 {against} 为 {other}",
    ),
    "take.no-score": ("Take {choice}", "建议选用 {choice}"),
    "take.nothing": (
        "No contender is shown to beat guessing; until one does, take {choice}",
        "没有参赛模型被证明优于瞎猜；在此之前，请选用 {choice}",
    ),
    # The second sentence
    "sure.better-than": (
        "it is {difference} better than {against}{unit}, with 95 % certainty at least {low}",
        "它比 {against} 优 {difference}{unit}；有 95% 的把握至少优 {low}",
    ),
    "sure.better-plain": (
        "it is {difference} better than {against}{unit}",
        "它比 {against} 优 {difference}{unit}",
    ),
    "sure.trivially": (
        "it is better than {against}, but by {high} at most{unit}: less than the {rope} that "
        "matters to you",
        "它优于 {against}，但至多优 {high}{unit}，小于您在意的 {rope}",
    ),
    "sure.trivially-plain": (
        "it is better than {against}, but by too little to matter",
        "它优于 {against}，但差距小到没有实际意义",
    ),
    "sure.at-most": (
        "with 95 % certainty it is at most {gap} worse than {against}{unit}",
        "有 95% 的把握，它至多比 {against} 差 {gap}{unit}",
    ),
    "sure.at-most-rope": (
        "with 95 % certainty it is at most {gap} worse than {against}{unit}, less than the {rope} "
        "that matters to you",
        "有 95% 的把握，它至多比 {against} 差 {gap}{unit}，小于您在意的 {rope}",
    ),
    "sure.not-worse": (
        "with 95 % certainty it is not worse than {against}",
        "有 95% 的把握，它不比 {against} 差",
    ),
    "sure.undecided": (
        "the data cannot tell it from {against}: with 95 % certainty it is at most {gap} "
        "worse{unit}",
        "现有数据无法判定它与 {against} 孰优：有 95% 的把握，它至多差 {gap}{unit}",
    ),
    "sure.undecided-plain": (
        "the data cannot tell it from {against}",
        "现有数据无法判定它与 {against} 孰优",
    ),
    "sure.worse": (
        "it is {difference} worse than {against}{unit}, with 95 % certainty at most {gap}",
        "它比 {against} 差 {difference}{unit}；有 95% 的把握至多差 {gap}",
    ),
    "sure.only": (
        "nothing else was there to compare it with",
        "没有其他模型可与之比较",
    ),
    "sure.guess": (
        "the best of the others, {best}, is not surely better than always giving the same answer",
        "其余模型中最好的 {best} 也不能确定优于始终给出同一答案",
    ),
    "sure.guess-gap": (
        "with 95 % certainty {best}, the best of the others, is at most {gap} better{unit}",
        "有 95% 的把握，其余模型中最好的 {best} 至多优 {gap}{unit}",
    ),
    "regret.none": (
        "no other of the {n} contenders is ahead of it",
        "其余参赛模型（共 {n} 个）均不领先于它",
    ),
    "regret.at-most": (
        "against the best of all {n} contenders it gives away at most {regret}{unit}",
        "与全部 {n} 个参赛模型中的最优者相比，至多差 {regret}{unit}",
    ),
    # The third sentence
    "money.both": (
        "at {volume} predictions a month it costs {cost} instead of {other}",
        "按每月 {volume} 次预测计，费用为 {cost}，而非 {other}",
    ),
    "money.dearer": (
        "at {volume} predictions a month it costs {cost}, {against} {other}",
        "按每月 {volume} 次预测计，费用为 {cost}，{against} 为 {other}",
    ),
    "money.same": (
        "at {volume} predictions a month it costs {cost}, as much as {against}",
        "按每月 {volume} 次预测计，费用为 {cost}，与 {against} 相同",
    ),
    "money.choice": (
        "at {volume} predictions a month it costs {cost}",
        "按每月 {volume} 次预测计，费用为 {cost}",
    ),
    "money.choice-other-unknown": (
        "at {volume} predictions a month it costs {cost}; the price of {against} is not known",
        "按每月 {volume} 次预测计，费用为 {cost}；{against} 的价格未知",
    ),
    "money.other": (
        "what it costs is not known, {against} costs {other} at {volume} predictions a month",
        "其费用未知；按每月 {volume} 次预测计，{against} 的费用为 {other}",
    ),
    "money.unknown": (
        "what they cost is not known: give the prices, and the page compares them",
        "费用未知：提供价格后，本页将加以比较",
    ),
    "next.close": (
        "send the least sure {share} to {llm} and the gap is gone",
        "把最没有把握的 {share} 交给 {llm}，差距即可消除",
    ),
    "next.save": (
        "sending it only the {share} of rows that {small} is least sure of does as well for {cost}",
        "只把 {small} 最没有把握的 {share} 交给它，效果相当，费用为 {cost}",
    ),
    "next.save-unpriced": (
        "sending it only the {share} of rows that {small} is least sure of does as well",
        "只把 {small} 最没有把握的 {share} 交给它，效果相当",
    ),
    "next.no-share": (
        "sending only a part of the rows to {llm} does not close the gap",
        "只把一部分行交给 {llm} 不能消除差距",
    ),
    "next.labels": (
        "about {needed} more labelled rows would settle it",
        "再标注约 {needed} 行即可判定",
    ),
    "next.beyond": (
        "even ten times the labelled rows may not settle it",
        "即使十倍的标注也未必能判定",
    ),
    "next.guess": (
        "either the inputs say nothing about \u201c{target}\u201d, or {labels} labels are too few",
        "或者输入与\u201c{target}\u201d无关，或者 {labels} 条标注太少",
    ),
    "next.guess-detectable": (
        "either the inputs say nothing about \u201c{target}\u201d, or {labels} labels are too few: "
        "this test cannot show gains below {detectable}",
        "或者输入与\u201c{target}\u201d无关，或者 {labels} 条标注太少：本次测试无法证明小于 "
        "{detectable} 的提升",
    ),
    # The line under the decision
    "facts.oof": (
        "Judged by {metric} on {rows} rows that each contender predicted without having learnt "
        "from them",
        "依据各参赛模型在 {rows} 行未参与其学习的数据上的{metric}（交叉验证）",
    ),
    "facts.lockbox": (
        "Judged by {metric} on {rows} held-out rows that no contender learnt from",
        "依据各参赛模型在 {rows} 行留出测试集上的{metric}",
    ),
    "facts.why-cheapest": (
        "of those not shown to be worse, it costs least",
        "在未被证明更差的模型中，它最便宜",
    ),
    "facts.why-local": (
        "of those not shown to be worse, it is the one that runs on your own machine",
        "在未被证明更差的模型中，它可在本地运行",
    ),
    "facts.stopped": (
        "{contender} was asked until it was decided, on {rows} of them",
        "{contender} 只询问到可以判定为止（其中 {rows} 行）",
    ),
    "facts.failed": (
        "{n} {n:contender|contenders} failed",
        "{n} 个参赛模型失败",
    ),
    "facts.dropped": (
        "{n} {n:was|were} left out",
        "{n} 个未参赛",
    ),
    "facts.if-dropped": (
        "if rows without an answer were left out, the choice would be {choice}",
        "若剔除缺失答案的行，则会选择 {choice}",
    ),
    "facts.if-mean": (
        "if the mean stood in for missing answers, the choice would be {choice}",
        "若以均值填补缺失答案，则会选择 {choice}",
    ),
    "facts.rmse": (
        "\u201ctypically off\u201d is the root of the mean squared error",
        "\u201c典型误差\u201d指均方误差的平方根",
    ),
    "facts.disagreement": (
        "See the one row on which the two differ",
        "查看两者答案不同的那一行",
    ),
    "facts.disagreements-all": (
        "See the {total} rows on which the two differ",
        "查看两者答案不同的 {total} 行",
    ),
    "facts.disagreements": (
        "See {shown} of the {total} rows on which the two differ",
        "查看两者答案不同的 {total} 行中的 {shown} 行",
    ),
}
