"""Words of the page in English and Chinese: key -> both."""

from __future__ import annotations

from bakeoff.report.words import TABLE

_OURS: dict[str, tuple[str, str]] = {
    "fam.title": ("The families side by side", "各模型家族一览"),
    "fam.kicker": ("Families", "模型家族"),
    "fam.lead": (
        "Twelve families of models, each trained and taken apart on this machine by the code that "
        "stands behind the names in \u201cbakeoff list\u201d. Every number on this page was "
        "measured when it was made; none is quoted.",
        "十二个模型家族，全部由 bakeoff 自身的代码在本机上训练并剖析。本页所有数字均为生成时实测，"
        "并非引用。",
    ),
    "fam.missing": ("Not here: {name}. {reason}", "缺少：{name}。{reason}"),
    "fam.made": (
        "Made with {versions}; seed {seed}; one thread.",
        "生成环境：{versions}；随机种子 {seed}；单线程。",
    ),
    "fam.code": ("The four steps as they are run", "四个步骤的实际代码"),
    "page.generated-here": (
        "Nothing on this page was loaded from outside.",
        "本页未从外部加载任何内容。",
    ),
    # Architectures
    "arch.section": ("1. What they are built of", "1. 结构"),
    "arch.title": (
        "On 1,000 docstrings {text} is ahead; on 1,000 digits {picture}",
        "1,000 条文档字符串上 {text} 领先；1,000 张数字图片上 {picture} 领先",
    ),
    "arch.text": (
        "Rows to learn from are few: 900, and 100 for early stopping; 500 are judged. What is "
        "counted by hand or brought along from elsewhere (n-grams, MiniLM) is hard to beat with so "
        "few texts; a net that starts from nothing needs more. A convolution, which brings along "
        "that a pattern may stand anywhere, needs fewer pictures than a ViT, which must learn it.",
        "训练数据很少：900 行用于学习，100 行用于早停，500 行用于评测。文本这么少时，人工计数的特征"
        "（n 元）和在别处预训练的模型（MiniLM）很难被超过，从零学起的网络需要更多数据。卷积自带"
        "“图案可以出现在任何位置”这一先验，因此比必须自己学会这一点的 ViT 需要更少的图片。",
    ),
    "arch.note": (
        "Accuracy on the same 500 rows with 95 % Wilson intervals; circles: docstrings into seven "
        "areas; squares: digits.",
        "同一组 500 行上的准确率及 95% Wilson 区间；圆点：文档字符串分七类；方块：数字图片。",
    ),
    "arch.alt": ("Accuracy of each family: {list}.", "各家族准确率：{list}。"),
    "arch.axis": ("accuracy", "准确率"),
    "arch.family": ("family", "家族"),
    "arch.rows": ("rows", "数据"),
    "arch.docstrings": ("docstrings", "文档字符串"),
    "arch.digits": ("digits", "数字图片"),
    "arch.pixels": ("digits, as columns", "数字图片（按列）"),
    "arch.parameters": ("parameters", "参数量"),
    "arch.learned": ("learned here", "在此学习"),
    "arch.depth": ("depth", "深度"),
    "arch.shared": ("weights shared", "权重共享"),
    "arch.shared-time": ("over time", "跨时间步"),
    "arch.shared-places": ("over places", "跨位置"),
    "arch.shared-not": ("not", "不共享"),
    "arch.seen": ("one feature sees", "单个特征所见"),
    "arch.seen-words": ("{seen} of {all} words", "{all} 词中的 {seen} 词"),
    "arch.seen-pixels": ("{seen} \u00d7 {seen} pixels", "{seen} \u00d7 {seen} 像素"),
    "arch.path": ("path", "路径"),
    "arch.attention": ("attention", "注意力"),
    "arch.yes": ("yes", "有"),
    "arch.no": ("no", "无"),
    "arch.flops": ("FLOPs a row", "每行 FLOPs"),
    "arch.train": ("training, CPU", "训练 CPU 时间"),
    "arch.score": ("accuracy [95 %]", "准确率 [95%]"),
    "arch.explain": (
        "Depth: layers of weights on the longest way from input to output, read off "
        "autograd\u2019s "
        "graph for a text of {words} words (a recurrent net has one a word). One feature sees: the "
        "inputs on which the gradient of one feature before pooling is not 0. Path: layers or time "
        "steps from the first word (or corner) to where it meets the last; \u2013: they meet "
        "in the "
        "pooling or the sum alone. FLOPs: counted by running a row of usual length; by formula for "
        "n-gram and Word2Vec.",
        "深度：从输入到输出最长路径上带权重的层数，取自 {words} 词文本的自动求导图（循环网络每"
        "词一层）。"
        "单个特征所见：池化前某个特征的梯度不为 0 的输入范围。路径：第一个词（或角）的信号与最"
        "后一个"
        "相遇前经过的层数或时间步数；\u2013：仅在池化或求和时相遇。FLOPs：运行一条常见长度的输"
        "入计数"
        "得到；n 元与 Word2Vec 按公式计算。",
    ),
    # Gradients
    "grad.section": ("2. Why LSTM and GRU exist", "2. 为何有 LSTM 与 GRU"),
    "grad.title": (
        "Over {length} steps {rnn} of an RNN\u2019s gradient is left at the start, {lstm} of an "
        "LSTM\u2019s, {open} where its forget gate starts open",
        "经过 {length} 步，初始时 RNN 的梯度剩 {rnn}，LSTM 剩 {lstm}，遗忘门初始打开时剩 {open}",
    ),
    "grad.text": (
        "The first of {length} symbols is the answer, all others are noise. On its way back the "
        "gradient passes a factor at every step; below 1 it dies out (Hochreiter 1991; Bengio et "
        "al. 1994). Gates alone are no cure: started at random, a gate is half open and halves the "
        "gradient. But a gate can be opened, by its bias (Gers et al. 2000) or by learning; the "
        "factor of a plain RNN cannot be set without losing its bend. An RNN can still hold an "
        "answer, by driving its states to the ends of the bend; then no gradient is left with "
        "which to change it.",
        "{length} 个符号中第一个是答案，其余为噪声。梯度反传时每步乘上一个因子，小于 1 便逐渐消失"
        "（Hochreiter 1991；Bengio 等 1994）。仅有门并不够：随机初始时门半开，每步使梯度减半。"
        "但门可以"
        "由偏置打开（Gers 等 2000）或在学习中打开，而普通 RNN 的因子无法这样设定。RNN 也能记住"
        "答案：把"
        "状态推到激活函数的饱和端，但此时已没有梯度可用来修改它。",
    ),
    "grad.start": ("Before training", "训练前"),
    "grad.trained": ("After training on mixed lengths", "混合长度训练后"),
    "grad.x": ("time step at which a symbol is read", "读入符号的时间步"),
    "grad.y": ("length of the loss\u2019s gradient there", "该处损失梯度的长度"),
    "grad.note": (
        "Gradient of the loss at the end with respect to the vector read at each step: mean over "
        "64 rows, geometric mean over {seeds} seeds, logarithmic scale. {hidden} states; Adam, "
        "{steps} steps of 32 rows.",
        "末端损失对每步所读向量的梯度：64 行平均，{seeds} 个种子几何平均，对数刻度。状态维数 "
        "{hidden}；"
        "Adam，{steps} 步，每步 32 行。",
    ),
    "grad.alt": (
        "Gradient by time step on a logarithmic scale. Share left of it at the first step: {list}.",
        "各时间步的梯度（对数刻度）。首步剩余比例：{list}。",
    ),
    "grad.item": ("{cell} {left}", "{cell} {left}"),
    "grad.cell": ("cell", "单元"),
    "grad.left-start": ("gradient left, before training", "剩余梯度（训练前）"),
    "grad.left-trained": ("after", "训练后"),
    "grad.course-straight": (
        "accuracy, trained on rows of 60",
        "准确率（仅以长度 60 训练）",
    ),
    "grad.course-growing": ("on growing rows", "长度递增训练"),
    "grad.course-mixed": ("on mixed lengths", "混合长度训练"),
    "grad.lengths": ("growing rows, tried on {lengths}", "递增训练后在长度 {lengths} 上"),
    "grad.open": ("LSTM, gate open", "LSTM（遗忘门打开）"),
    # Back-propagation
    "back.section": ("3. Back-propagation in four steps", "3. 反向传播四步"),
    "back.title": (
        "Written out in numpy, the four steps give autograd\u2019s gradients to {difference}",
        "用 numpy 写出的四个步骤与自动求导的梯度相差不超过 {difference}",
    ),
    "back.text": (
        "Forward, output error, backward, update: Nielsen\u2019s four equations (BP1 to BP4) on a "
        "net of two layers that learns to part two spirals. The same net is trained by "
        "torch\u2019s "
        "autograd beside it; every gradient of all {steps} steps is compared, in double precision. "
        "It ends with {accuracy} of its {rows} points right.",
        "前向、输出误差、反向、更新：Nielsen 的四个方程（BP1 至 BP4），用于一个学习分开两条螺"
        "线的两层网络。"
        "同一网络同时用 torch 自动求导训练；全部 {steps} 步的每个梯度都以双精度比较。最终 "
        "{rows} 个点中"
        "有 {accuracy} 判断正确。",
    ),
    "back.note": (
        "Both lines lie upon each other. Learning rate 1, all rows in every step.",
        "两条曲线重合。学习率 1，每步使用全部数据。",
    ),
    "back.alt": (
        "Loss by step from {first} to {last}; both ways give the same curve.",
        "损失随步数从 {first} 降到 {last}；两种方法曲线相同。",
    ),
    "back.panel": ("Loss while training", "训练中的损失"),
    "back.mine": ("four steps", "四个步骤"),
    "back.theirs": ("autograd", "自动求导"),
    "back.x": ("step", "步"),
    "back.y": ("cross-entropy, nats", "交叉熵（nat）"),
    "back.weight": ("gradient of", "梯度"),
    "back.norm": ("length at the first step", "首步长度"),
    "back.difference": ("largest difference to autograd", "与自动求导的最大差"),
    # Words
    "word.section": ("4. Words, and words in context", "4. 词与语境中的词"),
    "word.title": (
        "In Word2Vec a word has one place; in MiniLM \u201c{word}\u201d in two senses is only "
        "{cosine} alike",
        "Word2Vec 中一个词只有一个位置；MiniLM 中两种含义的 “{word}” 余弦仅 {cosine}",
    ),
    "word.text": (
        "Word2Vec was trained on all docstrings of this Python: a word has the same neighbours "
        "wherever it stands, and they mix its senses. MiniLM gives each occurrence a vector made "
        "of its sentence: the nearest other occurrences of the same word follow the sense.",
        "Word2Vec 在本 Python 的全部文档字符串上训练：词无论出现在哪里邻居都一样，各义项混在一起。"
        "MiniLM 给每次出现一个由所在句子决定的向量：同一词最近的其他出现随义项而变。",
    ),
    "word.note": (
        "Cosine between the vectors of a word in two sentences in which it means different things; "
        "1 means the same vector.",
        "同一词在两个不同义项的句子中向量的余弦；1 表示同一向量。",
    ),
    "word.alt": ("Cosine of a word\u2019s two senses: {list}.", "词两种义项的余弦：{list}。"),
    "word.axis": ("cosine of the two occurrences", "两次出现的余弦"),
    "word.word": ("word", "词"),
    "word.sentence": ("in the sentence", "所在句子"),
    "word.near": ("nearest words (cosine)", "最近的词（余弦）"),
    "word.near-occurrences": ("nearest other occurrences (cosine)", "最近的其他出现（余弦）"),
    "word.word2vec": ("Word2Vec: one list a word", "Word2Vec：每词一个列表"),
    "word.minilm": ("MiniLM: one list an occurrence", "MiniLM：每次出现一个列表"),
    # Attention
    "look.section": ("5. What attention looks at", "5. 注意力在看什么"),
    "look.title": (
        "A head of MiniLM looks at {sharp} of {length} tokens, its last layer on the mean at "
        "{last}",
        "MiniLM 的一个头只看 {length} 个词元中的 {sharp} 个，末层平均看 {last} 个",
    ),
    "look.text": (
        "A row is a token that asks, a column one that is looked at; the shares of a row sum to 1. "
        "They say what was mixed, not what mattered for the answer: quite other shares can "
        "give the "
        "same answer (Jain and Wallace 2019, \u201cAttention is not Explanation\u201d), and "
        "whether they tell something depends on what one calls an explanation (Wiegreffe and "
        "Pinter 2019, \u201cAttention is not not Explanation\u201d). To learn what mattered, take "
        "the word away and look at the answer.",
        "行是提问的词元，列是被看的词元；每行之和为 1。它们说明混合了什么，而非什么决定了答案"
        "：完全不同的"
        "注意力可以给出同样的答案（Jain 与 Wallace 2019），它们能否算解释取决于如何定义解释（"
        "Wiegreffe 与 "
        "Pinter 2019）。想知道什么起作用，就去掉该词再看答案。",
    ),
    "look.title-own": (
        "The small Transformer, trained here on 1,000 texts, looks at {first} of {length} words in "
        "its first layer",
        "在此用 1,000 条文本训练的小 Transformer，首层看 {length} 个词中的 {first} 个",
    ),
    "look.note": (
        "The number of tokens looked at is the exponential of the shares\u2019 entropy. "
        "Shares below "
        "2 % are left out of the picture.",
        "所看词元数为注意力分布熵的指数。低于 2% 的份额不画出。",
    ),
    "look.head": ("layer {layer}, head {head}", "第 {layer} 层第 {head} 头"),
    "look.mean": ("layer {layer}, mean of heads", "第 {layer} 层各头平均"),
    "look.alt": ("Maps of attention over the tokens {tokens}.", "词元 {tokens} 上的注意力图。"),
    "look.map": ("map", "图"),
    "look.token": ("token", "词元"),
    "look.most": ("looks most at (share)", "最关注（份额）"),
    "look.spread": ("tokens looked at", "所看词元数"),
    # Descent
    "down.section": ("6. Ways down", "6. 下降方法"),
    "down.title": (
        "After {steps} steps {best} is nearest to the least loss, {worst} farthest from it",
        "{steps} 步后 {best} 最接近最小损失，{worst} 最远",
    ),
    "down.text": (
        "Least squares whose directions differ a hundredfold in steepness, the same start for all, "
        "each at its own best rate of one grid of ten. Gradient descent uses all 512 rows in a "
        "step, the others 32. Without weight decay AdamW is Adam, and its line lies under "
        "Adam\u2019s.",
        "各方向陡峭程度相差百倍的最小二乘问题，起点相同，各用同一网格十个学习率中最好的一个。"
        "梯度下降每步"
        "用全部 512 行，其余每步 32 行。没有权重衰减时 AdamW 即 Adam，两线重合。",
    ),
    "down.curves": ("Loss above the least possible", "超出最小值的损失"),
    "down.valley": ("Paths down a valley, without noise", "无噪声山谷中的路径"),
    "down.x": ("step", "步"),
    "down.y": ("excess loss", "超额损失"),
    "down.vx": ("along the valley", "沿谷方向"),
    "down.vy": ("across it", "横跨方向"),
    "down.note": (
        "Excess over all rows, logarithmic scale. The valley is 20 times steeper across than "
        "along; {walk} steps from the left.",
        "全部数据上的超额损失，对数刻度。山谷横向比纵向陡 20 倍；自左起 {walk} 步。",
    ),
    "down.alt": ("Excess loss by step; at the end: {list}.", "超额损失随步数；最终：{list}。"),
    "down.optimiser": ("optimiser", "优化器"),
    "down.rate": ("its best rate", "最佳学习率"),
    "down.end": ("excess over the last tenth of the steps", "最后十分之一步的超额损失"),
    "down.half": ("after half the steps", "半程时"),
    "down.valley-rate": ("its best rate in the valley", "山谷中最佳学习率"),
    "opt.gradient-descent": ("gradient descent", "梯度下降"),
    "opt.sgd": ("SGD", "SGD"),
    "opt.momentum": ("momentum", "动量"),
    "opt.adam": ("Adam", "Adam"),
    "opt.adamw": ("AdamW", "AdamW"),
    "opt.muon": ("Muon", "Muon"),
}
PHRASES: dict[str, tuple[str, str]] = {**TABLE, **_OURS}
"""The decision page's words, and those of this page."""
