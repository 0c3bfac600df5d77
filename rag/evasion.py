"""Whether a company's answer says anything: courtesy and references elsewhere are no statement.

Three kinds of phrases are taken out of an answer before one looks at what is left of it: courtesy
(感谢您的关注), deferrals (请以公告为准, 不便透露, 尚未披露, 将于4月披露) and phrases that fit any question
(生产经营正常). The lists grew from reading FinTruthQA's development half and real records; `python -m
eval.evasion` measures them against human labels.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.folding import nfkc

_COURTESY = re.compile(
    r"尊敬的?(?:各位)?(?:投资者|股东)(?:朋友)?|投资者(?:朋友)?(?=[，,：:您你])|您好|你好"
    r"|(?:非常|十分|衷心)?感谢(?:您|你|各位|投资者|大家)?(?:对|的|们)?[^，。！；]{0,20}?"
    r"(?:关注|支持|建议|意见|提问|关心|理解|问题|厚爱|信任|认可|鼓励|提醒)(?:[与和及、](?:支持|关注|信任|理解|建议|关心|认可|提醒))*"
    r"|(?:再次)?(?:谢谢|感谢)(?:您|你|大家|各位)?(?:对[^，。！；]{0,12}的)?(?:关注|关心|支持|提问)?(?:[与和及](?:支持|关注|关心))?"
    r"|祝您?(?:生活愉快|投资顺利|身体健康)|(?:敬请)?(?:广大)?投资者[^。！]{0,12}(?:注意|理性)[^。！]{0,12}(?:风险|投资)|敬请(?:谅解|理解|留意)|请(?:您)?(?:谅解|理解|放心)"
)
# Each alternative takes the whole clause in which it stands.
_DEFERRALS = (
    r"(?:请|敬请|建议|烦请|可)(?:您|投资者|广大投资者|持续|继续|以|留意|参[见阅考照]|查[阅看询]|关注|详见|密切)+[^。！；]*"
    r"(?:公告|报告|披露|公开信息|公开资料|招股(?:说明)?书|网站|为准|后续|进展|官网|官微|公众号|渠道|文件|资讯)",
    r"(?:请|敬请)(?:参阅|查阅|留意|关注|见|详见|看)[^。！；，]{0,20}$",
    r"以[^。！；，]{0,20}(?:公告|披露|报告|公开信息)[^。！；，]{0,10}为准",
    r"(?:按照|按|依照|依据|根据|严格)[^。！；，]{0,30}(?:履行|进行|予以|及时)[^。！；，]{0,24}(?:披露|公告)",
    r"(?:将|会|将会)?(?:及时|依法|按规定|依规|严格)[^。！；，]{0,20}(?:披露|公告)",
    r"(?:不便|不方便|无法|不宜|不能|不予|暂不|不作|不做|不会|恕不)(?:于|作|做|再|便|方便|在此|此时|对外|单独|逐一|具体|提前|就此)*[^。！；，]{0,10}"
    r"(?:透露|披露|回答|回复|公开|展开|评论|评价|置评|多谈|告知|讨论|说明|回应|提供|预测|给出|确认)",
    r"(?:无|没有|没|暂无)[^。！；，]{0,4}(?:计划|打算|安排|义务)[^。！；，]{0,16}(?:披露|公布|公告)",
    r"(?:尚未|暂未|未|还未|没有|尚未到|不属于)[^。！；，]{0,12}(?:对外)?(?:披露|公告|公布|统计|单独统计)(?:过)?(?:范围|标准|事项)?",
    r"(?:涉及|属于|基于|出于|鉴于|因|签署|签有|签订)[^。！；，]{0,16}(?:商业秘密|商业机密|商业保密|保密|机密)[^。！；，]*",
    r"不存在(?:应披露|应当披露)而?未披露",
    r"[无没有]+应?披露而?未披露",
    r"(?:具体|详细|相关|有关)(?:的)?(?:情况|信息|内容|数据|进展|事项|业绩|经营)*[^。！；，]{0,12}(?:请|敬请|可|详见|参见|参阅|见|以)",
    r"(?:详见|详情见|参见|参阅|请见)",
    r"(?:已|均已|已经)?(?:在|于|按照?|根据|严格)[^。！；]{0,40}(?:报告|公告|格式|规定|要求|章节|说明书|年报|季报|中报)[^。！；，]{0,20}(?:披露|说明|列示|体现|阐述|公告)",
    r"(?:将|预计|计划|预约|会)[^。！；，]{0,24}(?:披露|公告|公布|发布|分享)",
    r"披露(?:日期|时间)为",
    r"已(?:经)?披露[^。！；，]{0,10}(?:报|公告)",
)
_DEFERRAL = re.compile("|".join(rf"[^，。！；,;]*{part}[^，。！；,;]*" for part in _DEFERRALS))
_GENERIC = re.compile(
    r"[^，。！；,;]*(?:生产经营(?:情况|活动)?(?:一切)?正常|各项(?:业务|工作)(?:均)?[^，。！；]{0,6}有序"
    r"|(?:受|受到)(?:多种|多方面|诸多|各种|众多|宏观)[^。！；]{0,20}(?:因素|原因)[^。！；，]{0,12}影响"
    r"|(?:将|会)?(?:持续|继续|努力|积极|不断)[^。！；，]{0,10}(?:做好|提升|提高|完善|努力|关注|研究)[^，。！；]{0,30}"
    r"|股市有风险[^。！；]*|注意(?:投资)?风险|理性(?:投资|判断)|审慎决策|(?:大盘|二级市场|股价)[^。！；，]{0,12}(?:波动|走势|影响)"
    r"|(?:已|会|将)(?:向|把)[^。！；，]{0,16}(?:转达|反馈|汇报)|发展具有信心|充满信心)[^，。！；,;]*"
)
_TOPIC_ONLY = re.compile(
    r"(?:^|(?<=[，。！；]))(?:关于|有关|如果?有?|若有?|除非)[^，。！；]*(?=[，。！；]|$)"
    r"|与?(?:您的)?(?:建议|意见|问题)[^，。！；]{0,6}(?:收到|收悉|转达|反馈)"
)
# Figures, a denial or a plain yes are statements, however short.
_SAYS_SOMETHING = re.compile(r"\d|[A-Za-z]{2}|[无没未不非否]|^(?:是|有|对|会|好|可以|已|属实)")
_FULL_WIDTH = str.maketrans(",;!?", "，；！？")
_PUNCTUATION = re.compile(r"[\W_]+")
# Here the day of a disclosure is the answer.
_WHEN_DISCLOSED = re.compile(r"(?:什么时候|何时|哪天|几号|时间)[^。？]{0,10}(?:出|披露|公布|公告|发布)")
# Limits in characters of what is left; set on the FinTruthQA development half.
SHORT, LONG, ELSEWHERE = 12, 24, 30


@lru_cache(maxsize=4096)  # the same answers are candidates for many questions
def substance(answer: str) -> str:
    """What is left of an answer without courtesy, references elsewhere and phrases that fit any question."""
    text = _plain(answer)
    for pattern in (_COURTESY, _DEFERRAL, _GENERIC, _TOPIC_ONLY):
        text = pattern.sub("", text)
    return _PUNCTUATION.sub("", text)


@lru_cache(maxsize=4096)
def _defers(answer: str) -> bool:
    return bool(_DEFERRAL.search(_COURTESY.sub("", _plain(answer))))


def is_evasive(answer: str, question: str = "") -> bool:
    """Whether an answer leaves its question unanswered.

    It does when next to nothing but courtesy and references elsewhere is in it; when it refers
    elsewhere and the little that is left shares hardly a term with the question; or when it is a
    short remark that shares no term with the question at all. Figures, denials and a plain yes
    always count as an answer.

    Args:
        answer: the company's answer.
        question: what it was asked.
    """
    left = substance(answer)
    if _SAYS_SOMETHING.search(left) or (_WHEN_DISCLOSED.search(question) and re.search(r"\d", answer)):
        return False
    defers = _defers(answer)
    if len(left) <= SHORT:
        return len(left) <= 4 or defers
    terms = _bigrams(left)
    shared = len(_bigrams(question) & terms) / len(terms)
    if len(left) <= LONG and defers:
        return shared <= 0.15
    return len(left) <= ELSEWHERE and bool(question) and shared == 0


def unanswered_part(answer: str) -> tuple[str, tuple[str, ...]]:
    """What an answer says it will not tell (不便透露, 未对外披露), and its other sentences.

    Returns:
        the clauses that decline, joined, and the sentences without them; ("", ()) where it tells all.
    """
    text = _plain(answer)
    declined = "".join(match.group() for match in _DECLINES.finditer(text))
    if not declined:
        return "", ()
    return declined, tuple(one for one in re.split(r"[。！？；]", _DECLINES.sub("", text)) if one.strip())


# Will not say, has no plan to, has not, is a secret; with the clause in which it stands.
_DECLINES = re.compile("|".join(rf"[^，。！；]*(?:{part})[^，。！；]*" for part in _DEFERRALS[5:9]))


def _plain(text: str) -> str:
    folded = nfkc(text).replace("\n", "。")
    return folded.translate(_FULL_WIDTH)


def _bigrams(text: str) -> set[str]:
    plain = _PUNCTUATION.sub("", _plain(text).lower())
    return {plain[i : i + 2] for i in range(len(plain) - 1)} - {"公司", "我们", "目前", "业务"}
