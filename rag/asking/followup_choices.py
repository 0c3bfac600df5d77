"""Follow-ups that answer us: one of the companies that we listed, a yes, a comparison with another company."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.asking.companies import CompanyNames, company_name
from rag.asking.history import TurnLike
from rag.asking.question import named_companies

_NTH = re.compile(r"^(?:选|是|要|就)?(?:第)?(?P<nth>[一二三四五1-5])(?:个|家|号|项)?(?:吧|的)?[。.!！]?$")
_YES = re.compile(
    r"^(?:是|对|嗯+|没错|是的|对的|好|好的|可以|行|继续|请继续|接着说|yes|ok|sure|right)(?:[，,、\s]*(?:是的|对的|好的|继续|请继续|请讲|就是它|没错|吧|呀|啊))*[。.!！~\s]*$",
    re.I,
)
_LISTED = re.compile(r"([^\s，,、：:。（(“”]{2,12})（(\d{6})）")
_AGAINST = re.compile(
    r"^(?:那么?)?(?:如果)?(?:和|与|跟|同|对比|比起|相比|较)\s*(?P<who>\S{2,20}?)\s*(?:相比|比较|对比|比一比|比|放一起)?(?:一下)?(?:怎么样|如何|谁[高低多少大小好]|呢)*[？?。\s]*$"
)
_WHICH = re.compile(
    r"^(?:那么?)?(?:他们|它们|她们|两家|这两家|两者|二者|这几家|三家|几家)?(?:之间|里面?|当中|中)?(?:谁|哪家|哪个|哪一家)(?P<asks>\S{1,12}?)[？?。\s]*$"
)


def is_yes(said: str) -> bool:
    """Whether the follow-up only agrees, or asks to go on."""
    return bool(_YES.match(said.strip()))


def chosen(said: str, turn: TurnLike, names: CompanyNames) -> str:
    """The company that was chosen from those that the last answer listed; nothing where none was."""
    text = str(turn.answer.get("text") or "")
    if turn.answer.get("outcome", "company_unknown") != "company_unknown":
        return ""
    listed = [(name, code) for name, code in _LISTED.findall(text) if names.resolve(code)]
    nth = _NTH.match(said.strip())
    if nth and listed:
        at = "一二三四五".find(nth["nth"]) if nth["nth"] in "一二三四五" else int(nth["nth"]) - 1
        return _name(names, listed[at][1]) if at < len(listed) else ""
    if is_yes(said) and len(listed) == 1:
        return _name(names, listed[0][1])
    own = names.resolve(said.strip("。.!！ "))
    return company_name(own[0]) if len(own) == 1 and listed else ""


def without_unclear_names(text: str, names: CompanyNames) -> str:
    """A question without the names that told no single company."""
    for mention in reversed(names.mentions(text)):
        if len(mention.companies) != 1:
            text = text[: mention.start] + text[mention.end :]
    return text.lstrip("的，, ")


def against(said: str, speaker: str, names: CompanyNames) -> str:
    """Both companies of 和X比呢, the one talked about first; nothing where it is no such question."""
    match = _AGAINST.match(said)
    if not match or not speaker:
        return ""
    mentions = names.mentions(match["who"]) or names.mentions(said)
    others = [company_name(m.companies[0]) if len(m.companies) == 1 else m.name for m in mentions]
    return "和".join(dict.fromkeys([speaker, *others])) if others else ""


def which_of_them(said: str, history: Sequence[TurnLike], names: CompanyNames) -> tuple[str, str]:
    """The companies of 他们谁高, and what is asked of them (谁高); nothing where it is no such question."""
    match = _WHICH.match(said)
    if not match:
        return "", ""
    found: dict[str, None] = {}
    for turn in reversed(history[-3:]):
        text = str(turn.answer.get("standalone_question") or turn.question)
        own = [company_name(company) for company in named_companies(text, names).companies]
        found = dict.fromkeys([*own, *found])
        if len(found) > 1:
            break
    if len(found) < 2:
        return "", ""
    return "和".join(found), f"谁{match['asks']}"


def _name(names: CompanyNames, code: str) -> str:
    return company_name(names.resolve(code)[0])
