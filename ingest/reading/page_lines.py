"""What the lines of pages of investors' questions look like: who asks, who answers, times, frames."""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = r"(?P<name>(?:\*?ST\s?)?[\u4e00-\u9fff](?:[\u4e00-\u9fffA-Za-z0-9·-]|\s(?=[\u4e00-\u9fff])){1,11}?)"
_CODE = r"(?P<code>(?<!\d)\d{6}(?!\d))"
_MARKET = r"(?:SH|SZ|BJ)"
_COMPANY = rf"{_NAME}\s*[（(]\s*{_MARKET}?\s*{_CODE}\s*(?:\.\s*{_MARKET})?\s*[)）]"
_WHO = r"(?:投资者|网友|股民|股东|用户|匿名用户|提问者|提问人)"
_ANSWERER = r"(?:上市公司|公司|董秘|董事会秘书)"
_VERB = r"(?:回答|回复|答复|回应|答)"


class Opened(NamedTuple):
    """A mark that opens a question or an answer: where what is said begins, and whose page it says it is.

    `start` is where the mark begins; `stop` where a quoted question ends, 0 for others; `held` the day of a company's
    research day, as printed.
    """

    end: int
    name: str | None = None
    code: str | None = None
    start: int = 0
    when: str = ""
    stop: int = 0
    held: str = ""


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_ASKS = _compiled(
    rf"(?:问|提问|{_WHO}(?:提问|问)?)\s*[:：]\s*{_COMPANY}\s*[:：]\s*",
    rf"[:：]\s*{_COMPANY}\s*[:：]?\s*",
    rf"(?:{_WHO}\S{{0,20}}?|\S{{2,24}}\s)?\s*(?:问\s*向|向|提问|问|@)\s*{_COMPANY}\s*(?:提问)?\s*(?:[:：]\s*|$)",
    rf"(?:问\s*)?{_WHO}[^\s:：，。？?]{{0,20}}\s*(?:提问|问)?\s*[:：]\s*",
    r"(?:问题|问|提问|Q)\s*\d{0,3}\s*[:：]\s*",
    r"问(?:\s+|$)|【(?:问|提问|投资者提问?)】\s*[:：]?\s*",
)
_ANSWERS = _compiled(
    rf"{_ANSWERER}?{_VERB}\s*[（(]\s*{_NAME}\s*[（(]?\s*{_MARKET}?\s*{_CODE}\s*(?:\.\s*{_MARKET})?\s*[)）]{{1,2}}\s*[:：]\s*",
    rf"{_COMPANY}\s*(?:董秘)?{_VERB}?\s*[:：]\s*",
    rf"{_ANSWERER}{_VERB}?\s*[:：]\s*|{_VERB}\s*[:：]\s*|A\s*\d{{0,3}}\s*[:：]\s*",
    rf"{_NAME}\s*{_ANSWERER}{_VERB}?\s*[:：]\s*",
    rf"答\s*(?:{_NAME})?{_ANSWERER}{_VERB}?\s*[:：]\s*|答(?:复)?(?:\s+|$)|【(?:答|答复|回复|回答|公司回[复答]|董秘回[复答])】\s*[:：]?\s*",
)
_OWN_ANSWER = rf"\s*(?:{_ANSWERER})?\s*(?:(?:{_VERB})?(?:如下|称|说)?\s*[:：]\s*|{_VERB}$)"
"""Behind the company's own name: `某某：`, `某某 回复：`, and `某某答` in a line of its own."""
_MONTHS = r"(?:20\d\d\s*[年./-]\s*)?\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
_LEADS = _compiled(
    rf"(?:^|[，,。\s]){_COMPANY}\s*(?P<when>[^，。]{{0,12}}?)(?:董秘|公司)?在?[^，。]{{0,24}}(?:平台|互动易|互动)[^，。]{{0,12}}"
    rf"{_VERB}了?(?:多条|\d+条)?(?:有关)?投资者",
    rf"(?:^|[，,。\s])(?P<when>{_MONTHS})?\s*{_COMPANY}\s*(?:发布|披露)[^。]{{0,16}}公司[^。]{{0,12}}?(?:于(?P<held>{_MONTHS})[^。]{{0,8}})?接受[^。]{{0,24}}调研",
)
_HEADED = re.compile(
    rf"{_CODE}(?:\s+{_NAME})?(?:\s+提问\s+(?P<asked>{_MONTHS}\S*(?:\s\d{{1,2}}:\S+)?))?(?:\s+回答\s+(?P<answered>{_MONTHS}\S*(?:\s\d{{1,2}}:\S+)?))?\s*$"
)
_INLINE_ASK = re.compile(
    rf"{_WHO}(?P<mid>[^。？?！：:\n]{{0,60}}?)(?:提问|发问|问道|询问|咨询|问(?=[：:，,]))(?:称|道|表示|如下|内容为)?\s*[：:，,]\s*"
)
_INLINE_ANSWER = re.compile(
    rf"(?:^(?:(?P<day>{_MONTHS})[，,]?)?|(?<=[。？?！!”\"’\s]))(?:对此[，,]|随后[，,])?\s*"
    rf"(?:{_COMPANY}|{_ANSWERER}|(?P<bare>[\u4e00-\u9fffA-Za-z]{{2,8}}?))(?:{_ANSWERER})?"
    rf"(?P<when>[^，。？?！：:；;“”\n]{{0,40}}?)(?:{_VERB}|表示|指出|称)(?:投资者)?(?:表示|指出|称|说|如下)?\s*[：:，,]\s*"
)
_QUOTED = r"[“\"「『](?P<quoted>[^”\"」』\n]{4,400})[”\"」』]"
_ASKING = r"(?:提问|问题|疑问|疑虑|询问|咨询|问询|发问|追问)"
_QUOTED_ASKS = _compiled(
    rf"{_WHO}(?P<mid>[^。？?！：:“”\n]{{0,80}}?)(?:提问|发问|问道|询问|咨询|提出|称|问|留言)(?:称|道|表示|如下)?(?:\s*{_COMPANY})?\s*[：:，,]?\s*{_QUOTED}",
    rf"(?:针对|对于|就|关于|对|围绕|回应)[^。？?！：:“”\n]{{0,24}}?{_WHO}(?P<mid>[^。？?！：:“”\n]{{0,60}}?){_QUOTED}(?:这一|一|等|的|相关)*{_ASKING}",
    rf"{_COMPANY}(?P<mid>[^。？?！：:“”\n]{{0,40}}?)(?:就|针对|对|关于|围绕)(?:有)?(?:{_WHO})?{_QUOTED}(?:这一|一|等|的|相关)*{_ASKING}",
    rf"(?:回答|回复|答复|回应|被问及|被问到){_WHO}?(?P<mid>[^。？?！：:“”\n]{{0,30}}?){_QUOTED}(?:这一|一|等|的|相关)*{_ASKING}?",
)
"""A question that the news quotes inside a sentence of its own: `针对投资者“…”的提问，`."""
_QUOTED_ANSWER = re.compile(
    rf"(?:这一|一|等|的|相关)*{_ASKING}?(?:时|中|[，,。；;\s])*(?:对此[，,]|随后[，,])?(?P<day>{_MONTHS})?[，,]?\s*"
    rf"(?:{_COMPANY}|{_ANSWERER}|(?P<bare>[\u4e00-\u9fffA-Za-z]{{2,8}}?))?(?:{_ANSWERER})?"
    rf"(?P<when>[^，。？?！：:；;“”\n]{{0,40}}?)(?:{_VERB}|表示|指出|称)(?:投资者)?(?:表示|指出|称|说|如下)?\s*[：:，,]\s*"
)
_ADDRESSED = _compiled(rf"(?:向|问)\s*{_COMPANY}", rf"(?:[对的给]|关于|上市公司)\s*{_COMPANY}")
_COMPANY_FIRST = re.compile(rf"\s*{_COMPANY}")
_WHENCE = r"(?:(?:来自|来源)\s*[:：]?\s*[^\s，。：:]{0,12}[\s，,]+)?"
_TIMED = rf"{_WHENCE}(?:(?:提问|回答|回复|答复|发布|更新|咨询)?(?:时间|日期|于)?\s*[:：]?\s*)?"
TIME = re.compile(
    rf"{_TIMED}[（(\[【]?\s*{_TIMED}(?P<day>{_MONTHS}|今天|昨天|前天|\d+\s*(?:分钟|小时|天)前)"
    rf"\s*(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*[)）\]】]?\s*(?:(?:来自|来源)\s*[:：]?\s*\S{{0,12}})?\s*$"
)
_TIME_BEHIND = re.compile(
    rf"\s*(?:[（(\[【]\s*{_TIMED}20\d\d\s*[年./-]\s*\d{{1,2}}\s*[月./-]\s*\d{{1,2}}\s*日?(?:\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?\s*[)）\]】]"
    r"|(?:提问|回答|回复|答复|发布|更新|咨询)(?:时间|日期)\s*[:：]\s*20\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|20\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?\s+\d{1,2}:\d{2}(?::\d{2})?"
    r"|(?<=[。？！?!”])\s*20\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?"
    r"|(?<=\t)20\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?)$"
)
FRAME = re.compile(
    r"""(?:上证|深交所|深证)?\s*(?:e\s*互动|互动易)\S{0,6}$|[\u4e00-\u9fffA-Za-z]{2,12}[（(]\d{6}[)）]主营业务|点击|查看(?:更多|全部|原文|详情)|更多(?:精彩|董秘|内容)|免责声明|风险提示|重要提示|特别声明|郑重声明|版权|责任编辑|编辑[:：]|校对[:：]|来源\s*[:：]|来自\s*[:：]?\s*\S{0,8}$
      |文章来源|原标题|声明\s*[:：]|以上(?:内容|信息|回[答复])|本(?:文|内容|信息)[^，。]{0,20}(?:由|不|仅|据)|以上[^，。]{0,20}(?:AI|整理)|(?:\d+\s*)?(?:评论|点赞|赞|转发|收藏|分享|举报|关注|回复)(?:\s*[（(]?\d*[)）]?)?$
      |该股(?:票)?最近\s*\d+|以下是[^，。]{0,12}(?:盈利预测|研报)|(?:融资融券|资金流向|估值分析|大宗交易)[^，。]{0,8}(?:数据)?(?:显示|如下)
      |[\u4e00-\u9fffA-Za-z*]{2,8}(?:[（(]\d{6}[)）])?\s*20\d\d\s*年?(?:[一二三四]季|半年|中|年|[一三]季度|前三季度)?(?:年度)?报[告]?(?:显示|披露)
      |(?:评论|点赞|赞|转发|收藏|分享|举报|关注)[\s\d()（）|·]+|上一[篇页条]|下一[篇页条]|相关(?:阅读|新闻|推荐|股票)|热门|推荐阅读|扫一扫|扫码|下载|打开APP|打开App|登录|注册|首页|返回|展开|收起|加载|广告
      |(?:投资者|网友|用户|股民|irm|guest|匿名)[_\-A-Za-z0-9*]*$|[（(](?:记者|编辑|责编|文章来源|来源|本文)|[\s\d|/·>»<-]+$|未经[^，。]{0,12}(?:授权|许可|同意|允许)|(?:请勿|严禁|禁止|不得|谢绝)(?:擅自)?转载|转载(?:请|须|自)|大家都在看|股票代码|相关个股|举报电话|ICP备|Copyright|©""",
    re.VERBOSE | re.IGNORECASE,
)
TAIL = re.compile(
    r"\s*[（(][^（()）。]{0,10}(?:记者|编辑|责编|责任编辑|文章来源|来源|实习记者|截至发稿)[^（()）]{0,40}[)）]\s*$|(?:点击(?:进入|查看)|查看更多|更多内容请|免责声明\s*[:：]|"
    r"以上内容(?:为|由)|(?:文章|信息|数据)来源\s*[:：]|未经[^，。]{0,12}(?:授权|许可|同意|允许)[^，。]{0,8}[，,]?(?:请勿|严禁|禁止|不得|谢绝)|[（(]?本文(?:由|不构成)|风险提示\s*[:：])"
)
PLATFORM = re.compile(
    r"投资者(?:关系)?(?:互动)?平台|互动平台|互动易|[eE]\s*互动|董秘(?:问答|回[答复])|投资者提问|投资者问答|来自\s*(?:微信|网站|APP|手机)"
    r"|问董秘|董秘互动|互动问答|(?:^|\n)(?:提问|回[答复]|答复)(?:时间|日期)\s*[:：]|(?:^|\n)问\n[^\n]+\n(?:[^\n]+\n){0,6}答\n"
)
_ADDRESSEE = re.compile(
    rf"(?:被?(?:提问|询问|答复|回复|回答))?(?:上市公司|公司|对象|单位|方|股票)(?:名称)?\s*[:：]\s*{_COMPANY}\s*$",
    re.IGNORECASE,
)
QUOTES = '“”"‘’「」『』'


def asks(text: str) -> Opened | None:
    """Whether a line opens an investor's question; with the company that it is put to, where the line says so."""
    return _first(_ASKS, text)


def answers(text: str, own: str | None) -> Opened | None:
    """Whether a line opens the company's answer; `own` is the company's short name, where it is known."""
    found = _first(_ANSWERS, text)
    if found is None and own and (named := re.match(rf"{re.escape(own)}{_OWN_ANSWER}", text)):
        return Opened(named.end(), own)
    return found


def asks_of(text: str, own: str) -> bool:
    """Whether a line that says nothing else puts a question to the company that the page is about: `网友问某某`."""
    return bool(
        re.fullmatch(
            rf"(?:{_WHO}\S{{0,20}}?\s*)?(?:问\s*向?|向|提问|@)\s*{re.escape(own)}\s*(?:提?问)?\s*[:：]?", text
        )
    )


def lead(text: str) -> Opened | None:
    """`某某（600000）7月16日在投资者关系平台上答复投资者关心的问题`: whose questions follow, and of which day."""
    found = next((found for pattern in _LEADS if (found := pattern.search(text))), None)
    if found is None:
        return None
    held = found.groupdict().get("held") or ""
    return Opened(found.end(), found["name"], found["code"], when=found["when"] or "", held=held)


def addressee(text: str) -> Opened | None:
    """`答复公司：某某（300000）`: a line of its own that says whose answer it is."""
    found = _ADDRESSEE.match(text)
    return Opened(found.end(), found["name"], found["code"]) if found else None


def headed(text: str) -> tuple[str, str | None, str, str] | None:
    """`600000 某某 提问 2026-01-01 回答 2026-01-02`: code, name and days above a question, as tables become."""
    found = _HEADED.match(text)
    return (found["code"], found["name"], found["asked"] or "", found["answered"] or "") if found else None


def time_behind(text: str) -> int | None:
    """Where a time stands that ends a line of words: in brackets, or with its hour; None without one."""
    found = _TIME_BEHIND.search(text)
    return found.start() if found and text[: found.start()].strip() else None


def asks_inline(text: str) -> Opened | None:
    """`有投资者向某某（600000）提问，`: where the question begins, in the middle of a paragraph."""
    if asks(text):
        return None
    if quoted := _asks_in_quotes(text):
        return quoted
    found = _INLINE_ASK.search(text)
    if found is None or not (found["mid"] or text[found.end() :].strip()):
        return None
    # the one that the question is put to, rather than one that it is about
    company = next((each for pattern in _ADDRESSED if (each := pattern.search(found["mid"]))), None)
    company = company or _COMPANY_FIRST.match(found["mid"])
    return Opened(
        found.end(), company["name"] if company else None, company["code"] if company else None, found.start()
    )


def _asks_in_quotes(text: str) -> Opened | None:
    """`针对投资者“…”的提问，某某（600000）回复称，`: the question is what stands between the quotation marks."""
    for pattern in _QUOTED_ASKS:
        found = pattern.search(text)
        if found is None or _QUOTED_ANSWER.match(text, found.end()) is None:
            continue
        company = next((each for pattern in _ADDRESSED if (each := pattern.search(found["mid"]))), None)
        company = company or _COMPANY_FIRST.match(found["mid"])
        named = found.groupdict().get("name") and found
        told = company or named or None
        return Opened(
            found.start("quoted"),
            told["name"] if told else None,
            told["code"] if told else None,
            found.start(),
            stop=found.end("quoted"),
        )
    return None


def answers_quoted(text: str, stop: int, code: str | None = None) -> Opened | None:
    """The answer behind a question that is quoted up to `stop`, told by the company that was asked."""
    found = _QUOTED_ANSWER.match(text, stop + 1)
    if found is None or (code is not None and found["code"] not in (None, code)):
        return None
    return Opened(found.end(), found["name"], found["code"], stop, f"{found['day'] or ''}{found['when']}")


def answers_inline(text: str, start: int, code: str | None = None) -> Opened | None:
    """`公司回答表示，`, `某某（600000）8月7日在互动平台表示，`: where the question ends and the answer begins.

    Args:
        text: a paragraph.
        start: where the question begins in it.
        code: of the company that was asked, where it is known: what another one says is part of the question.
    """
    # what the investor quotes or is quoted with is no answer
    quoted = text.find("”", start) if text[start : start + 1] == "“" else -1
    for found in _INLINE_ANSWER.finditer(text, max(start, quoted + 1)):
        if code is None or found["code"] in (None, code):
            when = f"{found['day'] or ''}{found['when']}"
            return Opened(found.end(), found["name"], found["code"], found.start(), when)
    return None


def user(text: str) -> bool:
    """Whether a line names the investor who asks and says nothing else: `网友 某某`, `股友_1234`."""
    return bool(
        re.fullmatch(r"(?:网友|股友|用户|股民|投资者|提问者|提问人)(?:\s*[:：_]\s*|\s+)[\w*·-]{1,16}", text)
    )


def reports(name: str, text: str) -> bool:
    """Whether a page names somebody as the one who reports (`某某讯`, `来源：某某`) rather than as a company."""
    who = re.escape(name)
    return bool(
        re.search(
            rf"(?:来源|作者|记者|转自)\s*[:：]?\s*{who}"
            rf"|{who}(?:\s*[（(][^（()）]{{0,12}}[)）])?[^，。：:\n]{{0,10}}(?:讯|消息|电|获悉|研究中心|数据中心|研究院|财经|APP|整理)",
            text,
            re.IGNORECASE,
        )
    )


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> Opened | None:
    for pattern in patterns:
        found = pattern.match(text)
        if found:
            groups = found.groupdict()
            return Opened(found.end(), groups.get("name"), groups.get("code"))
    return None
