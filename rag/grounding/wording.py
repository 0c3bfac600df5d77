"""The reasons in words, Chinese and English: what a person reads under a claim."""

from __future__ import annotations

from typing import Final

from rag.grounding.verdicts import Finding

_WORDING: Final[dict[str, tuple[str, str]]] = {
    "exact": ("原文如此：“{quote}”", 'the evidence says so: "{quote}"'),
    "figure": ("{figure} 见原文：“{quote}”", '{figure} stands in the evidence: "{quote}"'),
    "derived": ("{figure} 可由原文算出：{computation}", "{figure} follows from the evidence: {computation}"),
    "entailed": ("与原文意思相符（判断模型给出 {score}）：“{quote}”", 'follows from the evidence (a trained judge gives {score}): "{quote}"'),
    "words": ("措辞与原文相符：“{quote}”", 'the wording agrees with the evidence: "{quote}"'),
    "figure_absent": ("原文里没有 {figure}", "the evidence has no {figure}"),
    "figure_other_value": ("原文的“{label}”是 {stated}，不是 {figure}", '"{label}" is {stated} in the evidence, not {figure}'),
    "figure_other_metric": ("原文的 {figure} 属于“{label}”，不是“{claimed}”", '{figure} belongs to "{label}" in the evidence, not to "{claimed}"'),
    "figure_other_period": ("{figure} 属于{stated}，不是{claimed}", "{figure} belongs to {stated}, not to {claimed}"),
    "period_unsure": ("{figure} 在原文里，但它前面说的是{stated}，不能确定是{claimed}的", "{figure} is in the evidence, after words about {stated}; it may not be of {claimed}"),
    "figure_unit": ("单位不同：原文是 {stated}，不是 {figure}", "another unit: the evidence says {stated}, not {figure}"),
    "figure_direction": ("方向相反：原文是“{label}{stated}”", 'the other direction: the evidence says "{label} {stated}"'),
    "figure_basis": ("比较的基准不同：{figure} 在原文里是{stated}，不是{claimed}", "another basis: {figure} is {stated} in the evidence, not {claimed}"),
    "figure_reach": ("{figure} 说的是{stated}，不是{claimed}", "{figure} looks back over {stated}, not over {claimed}"),
    "figure_base": ("{figure} 不是与{claimed}相比：“{quote}”", '{figure} is not compared with {claimed}: "{quote}"'),
    "figure_bound": ("原文是“{stated}”，不是“{figure}”", 'the evidence says "{stated}", not "{figure}"'),
    "figure_unsure": ("{figure} 在原文里，但不能确定说的是同一件事：“{label}”", '{figure} is in the evidence, but perhaps of something else: "{label}"'),
    "period_other": ("原文说的是{stated}，不是{claimed}", "the evidence speaks of {stated}, not of {claimed}"),
    "period_unsaid": ("原文没有说这是{claimed}的事", "the evidence does not say that this is of {claimed}"),
    "period_absent": ("原文没有提到{claimed}", "the evidence does not mention {claimed}"),
    "name_absent": ("原文没有提到“{words}”", 'the evidence does not mention "{words}"'),
    "name_other_part": ("“{words}”与这句话不在同一段原文里", '"{words}" stands in another part of the evidence than this statement'),
    "negation": ("肯定与否定相反：原文是“{quote}”", 'affirmed and denied: the evidence says "{quote}"'),
    "opposite": ("原文是“{stated}”，不是“{words}”", 'the evidence says "{stated}", not "{words}"'),
    "overclaimed": ("原文只是“{stated}”：“{quote}”", 'the evidence only says "{stated}": "{quote}"'),
    "other_certainty": ("原文的把握程度不同：“{quote}”", 'the evidence is not equally sure: "{quote}"'),
    "extent": ("范围不同：原文是“{quote}”", 'another extent: the evidence says "{quote}"'),
    "exception": ("原文把它除外了：“{quote}”", 'the evidence leaves this out: "{quote}"'),
    "condition": ("原文带有条件：“{quote}”", 'the evidence sets a condition: "{quote}"'),
    "replaced": ("原文是“{stated}”，不是“{words}”", 'the evidence says "{stated}", not "{words}"'),
    "words_absent": ("原文没有说“{words}”", 'the evidence does not say "{words}"'),
    "premise": ("只见于投资者的提问，公司没有这样说：“{quote}”", 'only the investor\'s question says so, not the company: "{quote}"'),
    "no_overlap": ("原文没有谈到这件事", "the evidence does not speak of this"),
    "paraphrase": ("与原文措辞不同，未能逐字核对（{words}）", "worded differently from the evidence, not checked word by word ({words})"),
    "order": ("用词都在原文里，但次序不同，不能确定意思相同", "all words are in the evidence, but in another order; the meaning may differ"),
    "quote_exact": ("引文与原文一字不差", "the quotation is exact"),
    "quote_altered": ("引文被改动：“{words}”，原文是“{stated}”", 'the quotation was altered: "{words}", the evidence has "{stated}"'),
    "quote_stitched": ("引文由不相连的几处拼成：“{words}”", 'the quotation is stitched from separate places: "{words}"'),
    "quote_misattributed": ("引文出自投资者的提问，不是公司的话：“{words}”", 'the quotation is the investor\'s question, not the company\'s word: "{words}"'),
    "quote_not_found": ("原文里没有这句引文：“{words}”", 'the evidence has no such quotation: "{words}"'),
    "stitched": ("由原文不相连的几处拼成：“{quote}”", 'stitched from separate places of the evidence: "{quote}"'),
    "opinion": ("这是看法或问候，没有可核验的事实", "an opinion or a courtesy: nothing to check"),
    "no_content": ("没有可核验的内容", "nothing to check"),
    "no_evidence": ("没有给出证据", "no evidence was given"),
    "question": ("这是问句，没有断言", "a question asserts nothing"),
    "second_opinion": ("{name} 的意见：{words}", "second opinion of {name}: {words}"),
    "error": ("核验出错，未能判断：{words}", "the check failed: {words}"),
}  # fmt: skip


def reason(finding: Finding, chinese: bool) -> str:
    """The finding in one sentence."""
    template = _WORDING[finding.rule][0 if chinese else 1]
    return template.format(**dict(finding.values))


def shortened(text: str, longest: int = 60) -> str:
    """A quotation short enough for a reason."""
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"
