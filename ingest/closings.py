"""What is no dialogue inside a dialogue's text: closing formulas, headings, lines that lead in."""

from __future__ import annotations

import re

CLOSING = re.compile(
    r"""(?:[☆★※]\s*)?(?:
      [☆★*＊※─—_=~-]{3,}
    | (?:公司)?(?:在)?(?:本次|此次)?(?:投资者)?(?:接待|调研|交流|沟通|活动|会议|座谈|说明会|路演|问答)
        (?:活动)?(?:沟通|交流)?(?:的)?过程(?:中|当中|里)
    | (?:在)?(?:本次|此次|上述|以上|该次|本场)
        (?:投资者关系|投资者|机构|现场|业绩|电话|网上|线上)?
        (?:活动|交流|调研|会议|接待|说明会|沟通|路演|座谈|回复|问答|记录|内容|信息)?
        [^。？?]{0,24}?
        (?:没有出现|未出现|未发生|没有发生|不存在|不涉及|未涉及|没有涉及|未透露|未泄露|未提供|未披露)
        [^。]{0,20}(?:未公开|重大|内幕|应披露|应当披露|敏感)
    | [（(]?以下无正文
    | 特此说明\s*[:：]
    | (?:在)?(?:上述|本次|此次)(?:投资者关系|接待|调研|交流)?活动(?:过程)?(?:中|里)?[，,]?[^。？?]{0,60}
        (?:没有|未)(?:发生|出现)[^。]{0,10}(?:未公开|重大|内幕)
    | 公司(?:接待|参会|相关)?人员与[^。？?]{0,20}(?:进行了?|作了?)[^。？?]{0,10}(?:充分|沟通|交流)[^。？?]{0,20}(?:严格)?(?:按照|遵守|依照)
    | (?:随后|最后|会后|交流结束后)?[，,]?(?:调研|来访|参会|与会|机构)(?:人员|投资者|者)[^。？?]{0,12}(?:参观|考察)了?[^。]{0,40}。?$
    | (?:[（(]?注|以上|上述|前述|本次|本|该等|相关|会议|活动|声明|提示|特此|敬请|公司(?:郑重)?提[示醒]|如涉及|若涉及)
        [^。？?]{0,60}(?:不代表|不构成|不能视作|不视为|不应视为|并非)
        [^。]{0,50}(?:盈利预测|承诺|保证|投资建议|预测|指引)
    | (?:关于)?(?:本次|此次)?活动是否涉及应(?:当)?披露
    | 附件清单 | (?:活动)?(?:附件|日期)\s*[:：] | 日\s*期\s*$
    | (?:特别)?风险提示\s*(?:[:：]|$) | 免责声明 | 重要提示\s*[:：]
    | (?:特别)?(?:声明|提示|说明)\s*[:：][^。]{0,80}(?:投资风险|预测|承诺|为准|信息披露)
    | 以上(?:内容)?(?:如|若)?(?:有)?(?:涉及|所述)[^。]{0,60}(?:预测|规划|战略|承诺)
    | [一二三四五六七八九十\d（(]*[）)、.．\s]*
        (?:会议|活动|交流|调研|接待|说明会|业绩说明会|问答|互动|本次[^。，？]{0,12})
        (?:环节)?(?:到此|至此)?(?:圆满|顺利)?(?:结束|完毕)
    | (?:最后|至此|随后)?[，,]?(?:主持人|董秘|董事会秘书|公司)
        [^。]{0,20}(?:宣布|表示)[^。]{0,20}(?:结束|感谢[^。]{0,20}参[与加])
    | [一二三四五六七八九十（(]{1,2}[）)、.．]\s*(?:会议|活动|调研|接待|参观)?
        (?:结束|总结|结束语|致谢|闭幕)[^。？?]{0,12}$
    | (?:公司)?(?:严格)?(?:按照|遵守|依照)[^。]{0,60}(?:信息披露)
        [^。]{0,80}(?:真实|准确|完整|公平|重大信息)
    | (?:本|该)(?:记录|纪要|表)[^。]{0,30}(?:以|供)[^。]{0,30}(?:为准|参考)
    )""",
    re.VERBOSE,
)
LONGEST_CLOSING = 1000
"""Closing formulas with all that follows them are shorter than this (characters)."""
_CLOSING_SENTENCE = re.compile(
    r"""(?<=[。！？!?；;）)”])\s*(?=
      (?:公司)?(?:在)?(?:本次|此次)?(?:接待|调研|交流|沟通|活动|会议)(?:活动)?(?:沟通|交流)?过程(?:中|当中)[，,]
    | [☆★]{3,} | \*{5,}
    | (?:注|提示|声明|风险提示|特别提示|免责声明|特别说明)[:：][^。]{0,80}(?:不代表|不构成|投资风险|不视为)
    | (?:以上|上述|本次)[^。]{0,40}(?:不代表|不构成|不能视作|不视为)[^。]{0,40}(?:盈利预测|承诺|投资建议)
    | 关于本次活动是否涉及 | 附件清单
    )""",
    re.VERBOSE,
)
_HEADING_END = re.compile(r"[。；;，,？?！!…]$")
_TERMINAL = re.compile(r"[。！!；;]")
_OUTLINE = re.compile(
    r"[一二三四五六七八九十]{1,3}\s*[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|第[一二三四五六七八九十]{1,3}(?:部分|场|节)|\d{1,2}\s*[、.．]|[（(]\d{1,2}[）)]|【"
)
_QUESTIONS_AHEAD = re.compile(
    r"问答|答疑|互动|Q\s*[&＆]\s*A|交流(?:情况|环节|内容|问题|记录)|提问|提出的?问题|关注的?.{0,6}问题|主要问题|"
    r"问题.{0,8}(?:回复|解答|回答|答复)|(?:回复|解答|回答|答复)(?:如下|情况)|讨论环节|沟通(?:情况|环节|交流)",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(r"(?:如下|情况|回复|解答|回答|答复|交流|问题|内容|纪要|环节|沟通)\s*[:：。]?\s*$")


def is_closing(text: str) -> bool:
    """Whether a paragraph is a closing formula rather than somebody's words."""
    return CLOSING.match(text) is not None


def closing_sentence(text: str) -> int | None:
    """Where a closing formula starts that is glued to the end of an answer; None if none is."""
    found = _CLOSING_SENTENCE.search(text)
    return found.start() if found else None


def is_heading(text: str, bold: bool) -> bool:
    """Whether a paragraph is a heading: short, without a sentence's end, numbered or bold."""
    if len(text) > 45 or _HEADING_END.search(text) or _TERMINAL.search(text):
        return False
    return bool(_OUTLINE.match(text)) or (bold and len(text) <= 30) or questions_ahead(text)


def questions_ahead(text: str) -> bool:
    """Whether a paragraph announces the questions: `二、问答环节`, `…回复如下：`."""
    if len(text) > 260 or text.endswith(("？", "?")):
        return False
    if len(text) <= 40:
        return _QUESTIONS_AHEAD.search(text) is not None and not _TERMINAL.search(text[:-1])
    return _QUESTIONS_AHEAD.search(text[-60:]) is not None and _LEAD_IN.search(text) is not None
