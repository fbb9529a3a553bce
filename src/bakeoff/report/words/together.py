"""Several comparisons on one page: sides, the common table, claims commonly made."""

from __future__ import annotations

TOGETHER: dict[str, tuple[str, str]] = {
    # The page
    "together.title-small": (
        "Language models and the rest of deep learning, on small sets",
        "语言模型与其他深度学习：小数据集对比",
    ),
    "together.title-full": (
        "Language models and the rest of deep learning, on GLUE and CIFAR-10",
        "语言模型与其他深度学习：GLUE 与 CIFAR-10 对比",
    ),
    "together.kicker": ("The classic comparison", "经典对比"),
    "together.headline": (
        "Of {n} claims commonly made, {counts}.",
        "{n} 条常见说法中：{counts}。",
    ),
    "together.count-holds": ("{n} {n:holds|hold} here", "{n} 条在此成立"),
    "together.count-fails": ("{n} {n:does|do} not hold", "{n} 条不成立"),
    "together.count-open": ("{n} {n:is|are} not shown", "{n} 条未能证明"),
    "together.count-unmeasured": ("{n} {n:was|were} not measured", "{n} 条未测量"),
    "together.section-decisions": ("The decisions", "各项决策"),
    "together.section-table": ("All in one table", "汇总表"),
    "together.section-claims": (
        "Claims commonly made, and what was measured",
        "常见说法与实测结果",
    ),
    "together.section-notes": ("What this rests on", "依据与限制"),
    # Facts of a set
    "together.classes": ("{n} classes", "{n} 个类别"),
    "together.number": ("a number", "数值"),
    "together.rows-folds": (
        "{rows} rows in {folds} folds",
        "{rows} 行，{folds} 折交叉验证",
    ),
    "together.rows-plain": ("{rows} rows to learn from", "{rows} 行用于训练"),
    "together.rows-held-out": ("{rows} held out", "留出 {rows} 行"),
    "together.rows-official": ("{rows} in the official test", "官方测试集 {rows} 行"),
    "together.rows-dev": ("{rows} in the official dev split", "官方验证集 {rows} 行"),
    "together.decides-oof": ("cross-validation decides", "由交叉验证判定"),
    "together.decides-lockbox": ("the held-out rows decide", "由留出行判定"),
    "together.seeds": ("{n} {n:seed|seeds}", "{n} 个随机种子"),
    # Columns
    "together.side": ("side", "阵营"),
    "together.out-of-fold": ("cross-validation", "交叉验证"),
    "together.held-out": ("held-out rows", "留出测试集"),
    "together.recall": ("recall", "召回率"),
    "together.train": ("training", "训练"),
    "together.labels": ("labels", "标注"),
    "together.epochs": ("epochs", "轮数"),
    "together.open": ("the whole page", "完整决策页"),
    # Sides
    "side.language": ("language", "语言模型"),
    "side.deep": ("deep learning", "深度学习"),
    "side.classical": ("classical", "经典模型"),
    "side.answers": ("answers", "外部答案"),
    "side.both": ("two together", "两者级联"),
    "side.guessing": ("guessing", "瞎猜"),
    # Claims
    "claim.most-above-90": (
        "BERT reaches more than 90 % accuracy on most GLUE tasks",
        "BERT 在 GLUE 多数任务上准确率超过 90%",
    ),
    "claim.sentiment-95": (
        "BERT reaches 95 % on sentiment (SST-2)",
        "BERT 在情感分类（SST-2）上达到 95%",
    ),
    "claim.recall-80": ("Its recall is above 80 %", "其召回率超过 80%"),
    "claim.resnet-97": (
        "ResNet reaches about 97 % on CIFAR-10",
        "ResNet 在 CIFAR-10 上约达 97%",
    ),
    "claim.ahead-text": ("Language models are ahead on text", "语言模型在文本上领先"),
    "claim.ahead-image": (
        "Other deep nets are ahead on pictures",
        "其他深度网络在图像上领先",
    ),
    "claim.smaller-mse": (
        "Each has the smaller mean squared error on its own ground",
        "两者在各自主场上的均方误差更小",
    ),
    "claim.word-holds": ("holds", "成立"),
    "claim.word-fails": ("does not hold", "不成立"),
    "claim.word-open": ("not shown", "未能证明"),
    "claim.word-unmeasured": ("not measured", "未测量"),
    "claim.figure": ("{data}: {title} {value}", "{data}：{title} {value}"),
    "claim.against": (
        "{data}: {title} {value}, {against} {other}",
        "{data}：{title} {value}，{against} {other}",
    ),
    "claim.difference": (
        "{data}: {title} ahead of {against} by {value}",
        "{data}：{title} 领先 {against} {value}",
    ),
    "claim.line": ("{claim}: {figures}", "{claim}：{figures}"),
    "claim.points": ("{value} points", "{value} 个百分点"),
    "claim.nothing": ("no such set or contender here", "此处没有相应的数据集或参赛模型"),
    "claim.tally": ("{above} of {of}", "{of} 个中有 {above} 个"),
    "claim.claim": ("claim", "说法"),
    "claim.measured": ("measured, with its 95 % interval", "实测值及 95% 置信区间"),
    "claim.verdict": ("verdict", "结论"),
    "claim.rule": (
        "A claim holds where the 95 % interval lies wholly beyond it, and does not hold where the "
        "interval lies wholly on the other side; else it is not shown. Where two contenders were "
        "not compared in pairs, their intervals must not touch.",
        "95% 置信区间完全超出所述数值时判为成立，完全在另一侧时判为不成立，否则为未能证明；"
        "两个模型未作配对比较时，要求其置信区间互不相交。",
    ),
    # Notes
    "note.small-sets": (
        "These are small sets, learned in minutes, in place of GLUE and CIFAR-10: what holds or "
        "fails here says nothing about the claims there (bakeoff demo --full).",
        "这里用几分钟即可学完的小数据集代替 GLUE 与 CIFAR-10：在此成立或不成立，"
        "都不能说明那里的情况（bakeoff demo --full）。",
    ),
    "note.speakers": (
        "Where a claim says BERT or ResNet, this was measured: {titles}.",
        "说法中的 BERT 或 ResNet，实测所用为：{titles}。",
    ),
    "note.pictures": (
        "No language model here reads pictures, so on pictures the deep nets are held against "
        "classical models.",
        "这里没有能读图像的语言模型，因此在图像上以经典模型作对照。",
    ),
    "note.about-97": (
        "\u201cAbout 97 %\u201d is taken as 96.5 % or more.",
        "\u201c约 97%\u201d按不低于 96.5% 计。",
    ),
    "note.most-of": (
        "Most of GLUE: more than half of the eight tasks that have an accuracy (stsb has none); "
        "those that are missing could go either way.",
        "\u201c多数任务\u201d指有准确率的 8 项任务（stsb 没有）中过半；缺失的任务按两种可能都算。",
    ),
    "note.columns": (
        "Cross-validation: every row was predicted by a model that had not learned from it. "
        "Held-out rows: seen by no model before; where cross-validation decides, they were opened "
        "only for the choice and its reference.",
        "交叉验证：每一行都由未见过它的模型预测。留出测试集：此前任何模型都未见过；"
        "由交叉验证判定时，仅对所选模型及其参照打开。",
    ),
    "note.budgets": (
        "Each line states its budget: labels and epochs (passes over the rows) of the model that "
        "is shipped; training is its CPU time as if alone. Of all guessing the best is shown.",
        "各行标明所交付模型的预算：标注数与训练轮数；训练时间为单独运行的 CPU 时间。"
        "各种瞎猜只列最好的一种。",
    ),
    "note.recompressed": (
        "{data}: its pictures were recompressed as JPEG, so that figures are not comparable with "
        "published ones of CIFAR-10, only with each other.",
        "{data}：图像经 JPEG 重新压缩，其数值不可与已发表的 CIFAR-10 结果比较，只能相互比较。",
    ),
    "note.dev-as-test": (
        "{data}: the official dev split is the test, for test labels are not there.",
        "{data}：没有测试集标注，以官方验证集作测试。",
    ),
    "note.missing": ("Not here: {name} ({reason}).", "缺少：{name}（{reason}）。"),
    "note.left-out": ("{data}: left out: {what}.", "{data}：未纳入：{what}。"),
}
