"""Sentences of findings: what the audit saw, and what could be wrong with the conclusion.

A key is ``"found."`` and the finding's code; the placeholders are the names of its values (listed
for those who make findings in `bakeoff.report.findings`).
"""

from __future__ import annotations

FINDINGS: dict[str, tuple[str, str]] = {
    # Parts of the data
    "part.main": ("the training data", "训练数据"),
    "part.valid": ("the development data", "开发集"),
    "part.test": ("the test data", "测试集"),
    # Prices
    "price.machine_per_cpu_hour": ("a CPU-hour", "每 CPU 小时费用"),
    "price.hosting_per_month": ("hosting a month", "每月托管费"),
    "price.volume_per_month": ("predictions a month", "每月预测次数"),
    # What the audit saw
    "found.duplicates-within": (
        "{repeats} of {rows} rows in {part} {repeats:repeats|repeat} an earlier one ({near} of "
        "them nearly, not exactly); such rows were kept on one side of every split.",
        "{part} 的 {rows} 行中有 {repeats} 行与前面的行重复（其中 {near} 行为近似重复）；"
        "重复行始终分在划分的同一侧。",
    ),
    "found.duplicates-within.by-nature": (
        "{repeats} of {rows} rows in {part} equal an earlier one; the columns allow so few "
        "combinations that this is no sign of copies.",
        "{part} 的 {rows} 行中有 {repeats} 行与前面的行相同；"
        "各列可能的组合本来就少，这并不说明有复制。",
    ),
    "found.duplicates-across": (
        "{rows} of {of} rows in {second} stand in {first} too ({near} of them nearly, not "
        "exactly).",
        "{second} 的 {of} 行中有 {rows} 行也出现在 {first} 中（其中 {near} 行为近似重复）。",
    ),
    "found.duplicates-across.by-nature": (
        "{rows} of {of} rows in {second} equal a row in {first}; the columns allow so few "
        "combinations that this is no sign of copies.",
        "{second} 的 {of} 行中有 {rows} 行与 {first} 中的行相同；各列可能的组合本来就少，"
        "这并不说明有复制。",
    ),
    "found.conflicting-labels": (
        "{rows} of {of} rows share their inputs with a row of another label ({inputs} different "
        "inputs); no model can be right on all of them.",
        "{of} 行中有 {rows} 行与标注不同的行输入相同（{inputs} "
        "种输入）；任何模型都不可能全部答对。",
    ),
    "found.conflicting-labels.by-nature": (
        "{rows} of {of} rows share their inputs with a row of another label; with so few possible "
        "inputs that is to be expected.",
        "{of} 行中有 {rows} 行与标注不同的行输入相同；可能的输入很少，属正常现象。",
    ),
    "found.target-leak": (
        "The column \u201c{column}\u201d alone gives the target away; if it is not known when you "
        "predict, take it out and run again.",
        "仅凭列\u201c{column}\u201d即可得出目标；若预测时无法得知该列，请去掉后重新运行。",
    ),
    "found.target-leak.copy": (
        "The column \u201c{column}\u201d is a copy of the target ({value} of its rows are equal); "
        "take it out and run again.",
        "列\u201c{column}\u201d是目标的副本（{value} 的行相同）；请去掉后重新运行。",
    ),
    "found.target-leak.mapping": (
        "Each value of the column \u201c{column}\u201d has one label only ({value} of the rows); "
        "if it is not known when you predict, take it out and run again.",
        "列\u201c{column}\u201d的每个取值只对应一个标注（占 {value}）；若预测时无法得知该列，"
        "请去掉后重新运行。",
    ),
    "found.target-leak.auc": (
        "The column \u201c{column}\u201d alone tells the classes apart (AUC {value}); if it is not "
        "known when you predict, take it out and run again.",
        "仅凭列\u201c{column}\u201d即可区分各类别（AUC {value}）；若预测时无法得知该列，"
        "请去掉后重新运行。",
    ),
    "found.target-leak.correlation": (
        "The column \u201c{column}\u201d follows the target (correlation {value}); if it is not "
        "known when you predict, take it out and run again.",
        "列\u201c{column}\u201d与目标几乎一致（相关系数 {value}）；若预测时无法得知该列，"
        "请去掉后重新运行。",
    ),
    "found.id-like-input": (
        "The column \u201c{column}\u201d has another value in every row: it only names the row.",
        "列\u201c{column}\u201d每行取值都不同：它只是行的标识。",
    ),
    "found.class-counts": (
        "{classes} classes in {rows} rows, from {largest_rows} (\u201c{largest}\u201d) down to "
        "{smallest_rows} (\u201c{smallest}\u201d).",
        "{rows} 行共 {classes} 个类别，最多 {largest_rows} 行（\u201c{largest}\u201d），最少 "
        "{smallest_rows} 行（\u201c{smallest}\u201d）。",
    ),
    "found.rare-class": (
        "{classes} {classes:class has|classes have} a single row to learn from: {names}.",
        "{classes} 个类别仅有一行可供学习：{names}。",
    ),
    "found.label-only-in-test": (
        "{classes} {classes:label stands|labels stand} only in the test split ({names}; {rows} "
        "{rows:row|rows}); whoever learns gets these rows wrong.",
        "{classes} 个标注只出现在测试集中（{names}；{rows} 行）；需要学习的模型必然答错这些行。",
    ),
    "found.groups-across-splits": (
        "{groups} {groups:value|values} of \u201c{column}\u201d {groups:stands|stand} in {first} "
        "and in {second} ({rows} of its {of} rows); scores may be too good.",
        "\u201c{column}\u201d的 {groups} 个取值同时出现在 {first} 和 {second} 中（后者 {of} 行中的 "
        "{rows} 行）；得分可能偏高。",
    ),
    "found.group-missing": (
        "\u201c{column}\u201d is empty in {rows} {rows:row|rows}; they were kept together as one "
        "group.",
        "\u201c{column}\u201d有 {rows} 行为空；这些行被视为同一组。",
    ),
    "found.constant-column": (
        "The column \u201c{column}\u201d holds one value only.",
        "列\u201c{column}\u201d只有一个取值。",
    ),
    "found.constant-column.all-missing": (
        "The column \u201c{column}\u201d is empty in every row.",
        "列\u201c{column}\u201d全部为空。",
    ),
    "found.missing-values": (
        "The column \u201c{column}\u201d is empty in {rows} {rows:row|rows} ({share}).",
        "列\u201c{column}\u201d有 {rows} 行为空（{share}）。",
    ),
    "found.few-rows": (
        "Only {rows} {rows:row|rows}: intervals are wide.",
        "仅有 {rows} 行：置信区间较宽。",
    ),
    "found.rows-set-aside": (
        "{rows} of {of} rows in {part} could not be used and were set aside, the first in line "
        "{first_line} ({first_reason}).",
        "{part} 的 {of} 行中有 {rows} 行无法使用而被搁置，最早的一行为第 {first_line} 行"
        "（{first_reason}）。",
    ),
    "found.unlabelled-rows": (
        "{rows} {rows:row has|rows have} no label: only distilled contenders learn from "
        "{rows:it|them}, by what their teacher says, and no score counts {rows:it|them}; {twins} "
        "more {twins:repeats|repeat} a labelled row and {twins:was|were} left out.",
        "{rows} 行没有标注：只有蒸馏模型会借助教师模型的输出从中学习，且不计入任何得分；"
        "另有 {twins} 行与有标注的行重复，已剔除。",
    ),
    "found.column-unread": (
        "{contender} does not read {columns}.",
        "{contender} 不读取 {columns}。",
    ),
    "found.unmatched-answers": (
        "{unmatched} {unmatched:answer|answers} of {contender} "
        "{unmatched:belongs|belong} to no row.",
        "{contender} 有 {unmatched} 个答案对不上任何行。",
    ),
    # What could be wrong with the conclusion
    "found.twins-in-test": (
        "{rows} {rows:row|rows} of the test split {rows:has|have} a twin among the training data; "
        "the {dropped} twins were dropped from training. {contender} scores {score} with these "
        "rows and {score_without} without them.",
        "测试集中有 {rows} 行在训练数据中有重复行；已从训练中删去 {dropped} 行。{contender} "
        "计入这些行得 {score}，不计入得 {score_without}。",
    ),
    "found.partial-answers": (
        "{contender} has answers for {answered} of {rows} rows "
        "only; all contenders are compared on "
        "those.",
        "{contender} 仅对 {rows} 行中的 {answered} 行有答案；所有参赛模型都只在这些行上比较。",
    ),
    "found.answers-outside-labels": (
        "{rows} {rows:answer|answers} of {contender} {rows:is|are} none of the labels (such as "
        "\u201c{example}\u201d) and {rows:counts|count} as wrong.",
        "{contender} 有 {rows} 个答案不在标注集合内（如\u201c{example}\u201d），计为错误。",
    ),
    "found.answers-outside-labels.unquoted": (
        "{rows} {rows:answer|answers} of {contender} {rows:is|are} none of the labels and "
        "{rows:counts|count} as wrong.",
        "{contender} 有 {rows} 个答案不在标注集合内，计为错误。",
    ),
    "found.missing-answers": (
        "{contender} gave no answer on {rows} compared {rows:row|rows} ({share}). Counted as wrong "
        "it scores {score}, leaving them out {score_dropped}.",
        "{contender} 在 {rows} 个比较行（{share}）上没有答案。计为错误时得 {score}，剔除时得 "
        "{score_dropped}。",
    ),
    "found.missing-answers.left-out": (
        "{contender} gave no answer on {rows} compared {rows:row|rows} ({share}); how wrong no "
        "number is cannot be said, so {rows:it is|they are} left out for all.",
        "{contender} 在 {rows} 个比较行（{share}）上没有答案；缺失的数值错多少无从说起，"
        "因此对所有参赛模型都剔除这些行。",
    ),
    "found.both-policies-differ": (
        "The choice depends on missing answers: with the {rows} {rows:row|rows} that lack one left "
        "out for all, it would be {other} (\u201c{word_other}\u201d), not {contender} "
        "(\u201c{word}\u201d).",
        "选择取决于如何处理缺失答案：若对所有模型剔除缺答案的 {rows} 行，则会选 {other}"
        "（\u201c{word_other}\u201d），而不是 {contender}（\u201c{word}\u201d）。",
    ),
    "found.both-policies-differ.mean": (
        "The choice depends on missing answers: with the training rows\u2019 mean in place of the "
        "answers that {rows} {rows:row lacks|rows lack}, it would be {other} "
        "(\u201c{word_other}\u201d), not {contender} (\u201c{word}\u201d).",
        "选择取决于如何处理缺失答案：若以训练数据的均值填补 {rows} 行缺失的答案，则会选 {other}"
        "（\u201c{word_other}\u201d），而不是 {contender}（\u201c{word}\u201d）。",
    ),
    "found.both-policies-differ-in-word": (
        "With the {rows} {rows:row|rows} that {rows:lacks|lack} an answer left out for all, the "
        "choice would still be {contender}, and the comparison would read "
        "\u201c{word_other}\u201d, not \u201c{word}\u201d.",
        "若对所有模型剔除缺答案的 {rows} 行，仍会选 {contender}，但比较结论为"
        "\u201c{word_other}\u201d，而不是\u201c{word}\u201d。",
    ),
    "found.both-policies-differ-in-word.mean": (
        "With the training rows\u2019 mean in place of the answers that {rows} "
        "{rows:row lacks|rows lack}, the choice would still be {contender}, and the comparison "
        "would read \u201c{word_other}\u201d, not \u201c{word}\u201d.",
        "若以训练数据的均值填补 {rows} 行缺失的答案，仍会选 {contender}，但比较结论为"
        "\u201c{word_other}\u201d，而不是\u201c{word}\u201d。",
    ),
    "found.both-policies-agree": (
        "Missing answers do not decide: with the {rows} {rows:row|rows} that {rows:lacks|lack} one "
        "left out for all, the choice is {contender} too.",
        "缺失答案不影响选择：若对所有模型剔除缺答案的 {rows} 行，同样选 {contender}。",
    ),
    "found.both-policies-agree.mean": (
        "Missing answers do not decide: with the training rows\u2019 mean in place of the answers "
        "that {rows} {rows:row lacks|rows lack}, the choice is {contender} too.",
        "缺失答案不影响选择：若以训练数据的均值填补 {rows} 行缺失的答案，同样选 {contender}。",
    ),
    "found.prompt-spread": (
        "How far {contender} can be trusted on {rows} training rows: of {repeated} answers that "
        "were asked for again, {changed} changed ({share}).",
        "{contender} 在 {rows} 个训练行上的稳定性：重复询问的 {repeated} 个答案中有 {changed} "
        "个改变（{share}）。",
    ),
    "found.prompt-spread.wordings": (
        "How far {contender} can be trusted on {rows} training rows: its score differs by "
        "{spread_wordings} between wordings; of {repeated} answers that were asked for again, "
        "{changed} changed ({share}).",
        "{contender} 在 {rows} 个训练行上的稳定性：不同措辞之间得分相差 {spread_wordings}；"
        "重复询问的 {repeated} 个答案中有 {changed} 个改变（{share}）。",
    ),
    "found.prompt-spread.draws": (
        "How far {contender} can be trusted on {rows} training rows: its score differs by "
        "{spread_draws} between draws of its examples; of {repeated} answers that were asked for "
        "again, {changed} changed ({share}).",
        "{contender} 在 {rows} 个训练行上的稳定性：不同示例抽取之间得分相差 {spread_draws}；"
        "重复询问的 {repeated} 个答案中有 {changed} 个改变（{share}）。",
    ),
    "found.prompt-spread.wordings-and-draws": (
        "How far {contender} can be trusted on {rows} training rows: its score differs by "
        "{spread_wordings} between wordings and by {spread_draws} between draws of its examples; "
        "of {repeated} answers that were asked for again, {changed} changed ({share}).",
        "{contender} 在 {rows} 个训练行上的稳定性：不同措辞之间得分相差 {spread_wordings}，"
        "不同示例抽取之间相差 {spread_draws}；重复询问的 {repeated} 个答案中有 {changed} 个改变"
        "（{share}）。",
    ),
    "found.nearest-shots": (
        "{contender} is shown for each row the {shots} training rows nearest to it by the vectors "
        "of {by}.",
        "{contender} 对每一行给出按 {by} 向量最相近的 {shots} 个训练行作为示例。",
    ),
    "found.nearest-shots.words": (
        "{contender} is shown for each row the {shots} training rows nearest to it by their words "
        "(TF-IDF).",
        "{contender} 对每一行给出按用词（TF-IDF）最相近的 {shots} 个训练行作为示例。",
    ),
    "found.injection": (
        "With a hostile text appended to {asked} training rows, {flipped} answers of {contender} "
        "changed, {steered} of them to the class that the text demanded; {lost} were no usable "
        "answer any more.",
        "在 {asked} 个训练行后附加恶意文本时，{contender} 有 {flipped} 个答案改变，其中 {steered} "
        "个变成了文本所要求的类别；{lost} 个不再是可用的答案。",
    ),
    "found.llm-may-have-seen-data": (
        "{contender} may have met these rows when it was trained; on rows that are new to it, it "
        "can do worse.",
        "{contender} 在训练时可能见过这些数据；遇到全新的数据时表现可能更差。",
    ),
    "found.answers-one-per-row": (
        "There is one answer a row from {contender}: how much its answers vary when it is asked "
        "again is not known.",
        "{contender} 每行只有一个答案：再次询问时答案的波动未知。",
    ),
    "found.answers-labels-used-for-threshold": (
        "The share of rows that {contender} sends on was chosen with the labels of {rows} compared "
        "rows (by cross-fitting); it may look slightly too good.",
        "{contender} 交出的比例是用 {rows} 个比较行的标注选定的（交叉拟合）；其得分可能略微偏高。",
    ),
    "found.lockbox-openings": (
        "The lockbox has been opened {openings} {openings:time|times}; every look makes a chance "
        "winner likelier.",
        "留出测试集已被打开 {openings} 次；每多看一次，偶然胜出的可能性就增大一分。",
    ),
    "found.seeds-rows-only": (
        "The interval of {contender} covers the draw of rows, not of seeds ({seeds} "
        "{seeds:seed was|seeds were} run); training it again may move it further.",
        "{contender} 的区间只反映行的抽样，不含随机种子的波动（运行了 {seeds} 个种子）；"
        "重新训练时变动可能更大。",
    ),
    "found.test-cannot-show": (
        "This test can show differences of {detectable} or more; a smaller one would go unseen.",
        "本次测试只能证明不小于 {detectable} 的差异；更小的差异无法发现。",
    ),
    "found.dropped-contenders": (
        "{count} {count:contender was|contenders were} left out to keep the limits: {contenders}.",
        "为遵守限制，{count} 个参赛模型未参赛：{contenders}。",
    ),
    "found.failed-contenders": (
        "{count} {count:contender|contenders} failed: {contenders}.",
        "{count} 个参赛模型失败：{contenders}。",
    ),
    "found.pretrained-may-have-seen-data": (
        "{contenders} {count:sets|set} out from weights that were learned elsewhere; whether these "
        "rows were among that data is not known, and on rows that are new to {count:it|them} "
        "{count:it|they} can do worse.",
        "{count} 个参赛模型使用了在别处预训练的权重（{contenders}）；"
        "这些数据是否包含在其预训练数据中未知，"
        "遇到全新的数据时表现可能更差。",
    ),
    "found.fit-note": (
        "{contender}: {note} ({fits} {fits:fit|fits}).",
        "{contender}：{note}（{fits} 次拟合）。",
    ),
    "found.degraded-plan": (
        "To keep the time limit the plan was cut: {change}.",
        "为遵守时间限制，计划有所缩减：{change}。",
    ),
    "found.origin-not-recorded": (
        "Which model gave the answers of {contender}, when, and by which prompt, is not recorded.",
        "{contender} 的答案由哪个模型、何时、以何种提示给出，均未记录。",
    ),
    "found.reference-replaced": (
        "The planned reference {planned} gave nothing to compare with; {used} took its place.",
        "原定参照 {planned} 没有可比较的结果，改用 {used}。",
    ),
    "found.stopped-early": (
        "{contender} was asked on {asked} of {planned} rows: by then it was shown to be worse than "
        "{opponent}, by {amount} (from {amount_low} to {amount_high}, an interval that holds at "
        "any stop); {saved} rows were not asked. Its score is of few rows, and the stop makes the "
        "difference look larger than it is: it is not ranked with the others.",
        "{contender} 只被询问了 {planned} 行中的 {asked} 行：此时已证明它比 {opponent} 差 {amount}"
        "（{amount_low} 至 {amount_high}，该区间在任何停止时刻都成立）；省去了 {saved} 行。"
        "其得分所依据的行数较少，提前停止会使差异显得偏大，因此不与其他模型一同排名。",
    ),
    "found.stopped-early.better": (
        "{contender} was asked on {asked} of {planned} rows: by then it was shown to be better "
        "than {opponent}, by {amount} (from {amount_low} to {amount_high}, an interval that holds "
        "at any stop); {saved} rows were not asked. Its score is of few rows, and the stop makes "
        "the difference look larger than it is: it is not ranked with the others.",
        "{contender} 只被询问了 {planned} 行中的 {asked} 行：此时已证明它比 {opponent} 好 {amount}"
        "（{amount_low} 至 {amount_high}，该区间在任何停止时刻都成立）；省去了 {saved} 行。"
        "其得分所依据的行数较少，提前停止会使差异显得偏大，因此不与其他模型一同排名。",
    ),
    "found.price-assumed": (
        "These prices are assumptions and not yours: {names}.",
        "以下价格为假定值，并非您提供：{names}。",
    ),
    "found.price-unknown": (
        "No price is known for {names}; money could not decide.",
        "{names} 的价格未知；无法按费用取舍。",
    ),
    "found.few-groups": (
        "There are only {groups} different values of \u201c{column}\u201d; intervals over so few "
        "groups are rough.",
        "\u201c{column}\u201d只有 {groups} 个不同取值；组数过少，区间较粗略。",
    ),
    "found.learner-differs": (
        "Over folds, the recipe of {contender} is not shown to be better ({p}); the claim is about "
        "this trained model.",
        "跨折来看，{contender} 的训练方案未被证明更好（{p}）；结论仅针对这一训练好的模型。",
    ),
    "found.lockbox-disagrees": (
        "On the lockbox {contender} scores {score_lockbox}, in cross-validation {score}.",
        "{contender} 在留出测试集上得 {score_lockbox}，交叉验证得 {score}。",
    ),
    "found.unfinished": (
        "The run was stopped: {done} of {cells} cells are done; the decision is provisional.",
        "运行中途停止：完成 {done}/{cells} 个单元；结论仅供参考。",
    ),
}
