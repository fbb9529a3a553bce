"""Titles, axes and alternative texts of the figures."""

from __future__ import annotations

FIGURES: dict[str, tuple[str, str]] = {
    # Forest
    "forest.all-worse": (
        "Every contender is worse than {reference}",
        "所有参赛模型都比 {reference} 差",
    ),
    "forest.better": (
        "{name} is better than {reference}",
        "{name} 优于 {reference}",
    ),
    "forest.several-better": (
        "{n} contenders are better than {reference}, {name} the most",
        "{n} 个参赛模型优于 {reference}，其中 {name} 领先最多",
    ),
    "forest.equivalent": (
        "{name} is as good as {reference}",
        "{name} 与 {reference} 实际等价",
    ),
    "forest.several-equivalent": (
        "{n} contenders are as good as {reference}",
        "{n} 个参赛模型与 {reference} 实际等价",
    ),
    "forest.undecided": (
        "No contender is shown to be better than {reference}",
        "没有参赛模型被证明优于 {reference}",
    ),
    "forest.note": (
        "Difference to {reference} in {metric}, paired row by row, with 95 % confidence intervals "
        "that hold for all comparisons together.",
        "与 {reference} 的{metric}之差，逐行配对；95% 置信区间已对全部比较做校正。",
    ),
    "forest.note-rope": (
        "The band marks differences too small to matter ({rope} either way).",
        "灰带为实际等价区间（±{rope}）。",
    ),
    "forest.worse-side": ("worse", "更差"),
    "forest.better-side": ("better", "更好"),
    "forest.axis-points": ("points", "百分点"),
    "forest.alt": (
        "Forest plot: {n} differences to {reference} with intervals. {list}.",
        "森林图：与 {reference} 的 {n} 个差值及其区间。{list}。",
    ),
    "forest.alt-item": ("{name} {difference}, {word}", "{name} {difference}，{word}"),
    "forest.col-difference": ("difference", "差值"),
    "forest.col-p": ("p, adjusted", "p（校正后）"),
    "forest.col-test": ("test", "检验"),
    "forest.col-word": ("verdict", "结论"),
    "forest.col-discordant": ("only it right / only the other", "仅它对 / 仅对方对"),
    "forest.col-learner": ("p of the recipe", "p（训练方案）"),
    "forest.col-bayes": ("P(better / same / worse)", "P（更好/等价/更差）"),
    # Price
    "price.cheaper-as-good": (
        "{choice} is as good as {against} at {part} of the price",
        "{choice} 与 {against} 相当，价格仅为其 {part}",
    ),
    "price.cheaper": (
        "{choice} costs {part} of what {against} costs",
        "{choice} 的价格仅为 {against} 的 {part}",
    ),
    "price.cheaper-better": (
        "{choice} is better than {against} at {part} of the price",
        "{choice} 优于 {against}，价格仅为其 {part}",
    ),
    "price.dearer-better": (
        "{choice} is better than {against}, and costs {factor} times as much",
        "{choice} 优于 {against}，但价格是其 {factor} 倍",
    ),
    "price.dearer": (
        "{choice} costs {factor} times as much as {against}",
        "{choice} 的价格是 {against} 的 {factor} 倍",
    ),
    "price.missing": (
        "Not drawn: the price of {names} is not known. Give it, and this page sets prices against "
        "scores.",
        "未画图：{names} 的价格未知。提供价格后，本页将画出价格与得分图。",
    ),
    "price.plain": ("What each contender costs, and what it scores", "各参赛模型的价格与得分"),
    "price.note": (
        "Further left is cheaper, further up is better; the price axis is logarithmic. The steps "
        "join the contenders that no cheaper one beats.",
        "越靠左越便宜，越靠上越好；价格轴为对数刻度。阶梯线连接没有更便宜对手能超过的模型。",
    ),
    "price.note-unknown": ("Not drawn, price unknown: {names}.", "价格未知而未画出：{names}。"),
    "price.note-guessing": ("Guessing is not drawn.", "未画出基线。"),
    "price.axis": ("dollars per 1,000 predictions", "每 1,000 次预测的费用（美元）"),
    "price.alt": (
        "Price against score. {list}.",
        "价格与得分图。{list}。",
    ),
    "price.alt-item": ("{name}: {money}, {score}", "{name}：{money}，{score}"),
    "price.col-front": ("on the front", "位于前沿"),
    "price.yes": ("yes", "是"),
    # Cascade shares
    "shares.closes": (
        "Sending the least sure {share} on closes the gap",
        "把最没有把握的 {share} 交出去即可消除差距",
    ),
    "shares.open": (
        "No share of rows sent on closes the gap",
        "无论交出多大比例都不能消除差距",
    ),
    "shares.note": (
        "{metric} when the rows on which the small model is least sure go to {llm}, with 95 % "
        "intervals; the dashed line is {llm} alone.",
        "把小模型最没有把握的行交给 {llm} 时的{metric}及 95% 区间；虚线为单用 {llm}。",
    ),
    "shares.axis": ("share of rows sent on", "交出的比例"),
    "shares.alt": (
        "Score against share of rows sent on. {list}.",
        "得分随交出比例的变化。{list}。",
    ),
    "shares.alt-item": ("{share}: {score}", "{share}：{score}"),
    "shares.col-difference": ("against {reference}", "相对 {reference}"),
    # Confusion
    "confusion.title": (
        "{name}: {share} of \u201c{truth}\u201d is taken for \u201c{predicted}\u201d",
        "{name}：{share} 的\u201c{truth}\u201d被判为\u201c{predicted}\u201d",
    ),
    "confusion.missing": (
        "{name}: {share} of \u201c{truth}\u201d gets no answer",
        "{name}：{share} 的\u201c{truth}\u201d没有答案",
    ),
    "confusion.none": ("{name} confuses no classes", "{name} 没有混淆任何类别"),
    "confusion.note": (
        "Each row is a true class and adds up to 100 %; the most confused classes come first.",
        "每行为一个真实类别，合计 100%；最易混淆的类别在前。",
    ),
    "confusion.note-rest": (
        "{n} further classes are summed in the last row and column.",
        "其余 {n} 个类别合并于最后一行和一列。",
    ),
    "confusion.rest": ("{n} others", "其余 {n} 类"),
    "confusion.no-answer": ("no answer", "无答案"),
    "confusion.truth": ("true class", "真实类别"),
    "confusion.predicted": ("predicted class, % of the true class", "预测类别（占真实类别的 %）"),
    "confusion.alt": (
        "Confusion table of {name} over {n} classes; the largest entry off the diagonal: {worst}.",
        "{name} 在 {n} 个类别上的混淆矩阵；对角线外最大者：{worst}。",
    ),
    "confusion.worst": ("{truth} as {predicted}, {share}", "{truth} 判为 {predicted}，{share}"),
    "confusion.nothing": ("none", "无"),
    "confusion.col-count": ("rows", "行数"),
    # Reliability
    "reliability.over": (
        "{name} is surer than it should be: {confidence} sure, {accuracy} right",
        "{name} 过于自信：置信度 {confidence}，实际正确 {accuracy}",
    ),
    "reliability.under": (
        "{name} is less sure than it could be: {confidence} sure, {accuracy} right",
        "{name} 过于保守：置信度 {confidence}，实际正确 {accuracy}",
    ),
    "reliability.good": (
        "{name} is about as often right as it says",
        "{name} 的置信度与正确率基本相符",
    ),
    "reliability.note": (
        "How sure it was against how often it was right, with 95 % intervals; on the diagonal the "
        "two agree. Larger dots hold more rows.",
        "置信度与实际正确率及 95% 区间；落在对角线上表示二者一致。点越大，行数越多。",
    ),
    "reliability.x": ("how sure it was", "置信度"),
    "reliability.y": ("how often it was right", "正确率"),
    "reliability.alt": ("Reliability of {name}. {list}.", "{name} 的可靠性图。{list}。"),
    "reliability.alt-item": (
        "{confidence} sure, {accuracy} right",
        "置信度 {confidence}，正确 {accuracy}",
    ),
    "reliability.bin": ("{low} to {high}", "{low} 至 {high}"),
    # Scatter
    "scatter.title": (
        "{name} is within {near} of the truth on half of the rows",
        "{name} 在一半的行上误差不超过 {near}",
    ),
    "scatter.note": (
        "{n} compared rows; on the diagonal the prediction equals the truth.",
        "{n} 个比较行；落在对角线上表示预测与真值相等。",
    ),
    "scatter.x": ("true {target}", "{target} 真值"),
    "scatter.y": ("predicted", "预测值"),
    "scatter.alt": (
        "Predicted against true {target} for {name}, {n} rows; half of them within {near}.",
        "{name} 对 {target} 的预测值与真值，共 {n} 行；一半误差不超过 {near}。",
    ),
    "scatter.band": ("true {target}", "{target} 真值"),
    "scatter.col-mean": ("mean prediction", "平均预测"),
    "scatter.col-error": ("mean absolute error", "平均绝对误差"),
}
