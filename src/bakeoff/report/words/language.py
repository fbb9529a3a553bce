"""Words of pages about language models, where rows are texts and nothing is labelled.

They stand in place of the words of the same key; placeholders are the same.
"""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "page.rows": ("{rows} {rows:text|texts}", "{rows} 段文本"),
    "strip.cost": ("to judge 1,000 texts", "评估 1,000 段文本"),
    "strip.latency": ("one text, median", "单段文本耗时（中位数）"),
    "strip.labels": ("texts learnt from", "用于学习的文本"),
    "strip.alone": ("on {rows} {rows:text|texts}", "基于 {rows} 段文本"),
    "strip.labels-needed": (
        "about {needed} more texts would settle it",
        "再增加约 {needed} 段文本即可判定",
    ),
    "strip.labels-beyond": (
        "ten times as much text may not settle it",
        "即使十倍文本也未必能判定",
    ),
    "board.cost": ("per 1,000 texts", "每千段成本"),
    "board.latency": ("one text", "单段耗时"),
    "board.throughput": ("texts a second", "每秒文本段数"),
    "board.everywhere": ("on all texts it judged", "其评估的全部文本得分"),
    "board.note-axis": (
        "The bar is the 95 % confidence interval. Bits per byte: how much a byte of unseen text "
        "costs in UTF-8; knowing nothing costs 8. Perplexity per word counts what white space sets "
        "apart, and each line end.",
        "横线为 95% 置信区间。每字节比特数：编码一个未见过的 UTF-8 字节所需的比特数，一无所知时为 "
        "8。每词困惑度按空白分隔的词计，每个换行也计为一个词。",
    ),
    "board.note-cost": (
        "Training is CPU time as if the contender had run alone; \u201cone text\u201d is the "
        "median time to judge a single text.",
        "训练为单独运行该模型所需的 CPU 时间；\u201c单段耗时\u201d为评估单段文本的中位数时间。",
    ),
    "state.missing": ("{rows} without a probability", "{rows} 段无概率"),
    "word.undecided-labels": (
        "undecided: about {needed} more texts",
        "无法判定：约需再增加 {needed} 段文本",
    ),
    "word.undecided-beyond": (
        "undecided: over 10 \N{MULTIPLICATION SIGN} the text",
        "无法判定：需十倍以上文本",
    ),
    "family.baselines": ("knows nothing of what stands before", "不看前文的基线"),
    "family.ngram": ("counts", "计数（n 元）"),
    "repeat.rows": ("{kept} of {read} texts kept", "读入 {read} 段文本，保留 {kept} 段"),
    "repeat.split": (
        "{rule}; {folds} {folds:fold|folds}, {repeats} {repeats:repeat|repeats}; {train} texts to "
        "learn from, {lockbox} in the lockbox ({origin})",
        "{rule}；{folds} 折，重复 {repeats} 次；{train} 段文本用于学习，{lockbox} 段为留出测试集"
        "（{origin}）",
    ),
    "repeat.prices-text": (
        "{cpu} per CPU-hour, {hosting} a month for hosting, {volume} texts a month",
        "每 CPU 小时 {cpu}，每月托管费 {hosting}，每月 {volume} 段文本",
    ),
    "repeat.set-aside": ("Texts that were set aside", "被搁置的文本"),
    "finding.rows": ("texts {rows}", "文本 {rows}"),
    "forest.note": (
        "Difference to {reference} in {metric}, paired text by text, with 95 % confidence "
        "intervals that hold for all comparisons together.",
        "与 {reference} 的{metric}之差，逐段配对；95% 置信区间已对全部比较做校正。",
    ),
    "price.axis": ("dollars to judge 1,000 texts", "评估 1,000 段文本的费用（美元）"),
    "money.both": (
        "judging {volume} texts a month costs {cost} instead of {other}",
        "每月评估 {volume} 段文本的费用为 {cost}，而非 {other}",
    ),
    "money.dearer": (
        "judging {volume} texts a month costs {cost}, {against} {other}",
        "每月评估 {volume} 段文本的费用为 {cost}，{against} 为 {other}",
    ),
    "money.same": (
        "judging {volume} texts a month costs {cost}, as much as {against}",
        "每月评估 {volume} 段文本的费用为 {cost}，与 {against} 相同",
    ),
    "money.choice": (
        "judging {volume} texts a month costs {cost}",
        "每月评估 {volume} 段文本的费用为 {cost}",
    ),
    "next.labels": (
        "about {needed} more texts would settle it",
        "再增加约 {needed} 段文本即可判定",
    ),
    "next.beyond": (
        "even ten times the text may not settle it",
        "即使十倍的文本也未必能判定",
    ),
    "next.guess": (
        "{labels} texts of \u201c{target}\u201d are too few to learn from",
        "\u201c{target}\u201d的 {labels} 段文本太少，学不到规律",
    ),
    "next.guess-detectable": (
        "{labels} texts of \u201c{target}\u201d are too few to learn from: this test cannot show "
        "gains below {detectable}",
        "\u201c{target}\u201d的 {labels} 段文本太少，学不到规律：本次测试无法证明小于 {detectable} "
        "的提升",
    ),
    "sure.guess": (
        "the best of the others, {best}, is not surely better than one that does not look at what "
        "stands before",
        "其余模型中最好的 {best} 也不能确定优于不看前文的基线",
    ),
    "facts.oof": (
        "Judged by {metric} on {rows} texts that each contender read without having learnt from "
        "them",
        "依据各参赛模型在 {rows} 段未参与其学习的文本上的{metric}（交叉验证）",
    ),
    "facts.lockbox": (
        "Judged by {metric} on {rows} held-out texts that no contender learnt from, each read from "
        "a fresh start",
        "依据各参赛模型在 {rows} 段留出文本上的{metric}，每段均从头读起",
    ),
    "price.volume_per_month": ("texts a month", "每月文本段数"),
    "found.few-rows": (
        "Only {rows} {rows:text|texts}: intervals are wide.",
        "仅有 {rows} 段文本：置信区间较宽。",
    ),
    "found.duplicates-within": (
        "{repeats} of {rows} texts in {part} {repeats:repeats|repeat} an earlier one ({near} of "
        "them nearly, not exactly); such texts were kept on one side of every split.",
        "{part} 的 {rows} 段文本中有 {repeats} 段与前面的重复（其中 {near} 段为近似重复）；"
        "重复文本始终分在划分的同一侧。",
    ),
    "found.duplicates-across": (
        "{rows} of {of} texts in {second} stand in {first} too ({near} of them nearly, not "
        "exactly).",
        "{second} 的 {of} 段文本中有 {rows} 段也出现在 {first} 中（其中 {near} 段为近似重复）。",
    ),
    "found.twins-in-test": (
        "{rows} {rows:text|texts} of the test split {rows:has|have} a twin among the training "
        "data; the {dropped} twins were dropped from training. {contender} scores {score} with "
        "these texts and {score_without} without them.",
        "测试集中有 {rows} 段文本在训练数据中有重复；已从训练中删去 {dropped} 段。{contender} "
        "计入这些文本得 {score}，不计入得 {score_without}。",
    ),
    "found.seeds-rows-only": (
        "The interval of {contender} covers the draw of texts, not of seeds ({seeds} "
        "{seeds:seed was|seeds were} run); training it again may move it further.",
        "{contender} 的区间只反映文本的抽样，不含随机种子的波动（运行了 {seeds} 个种子）；"
        "重新训练时变动可能更大。",
    ),
}
