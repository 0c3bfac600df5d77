"""The words that forms print in their label column, as the exchanges' templates and companies write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.folding import recognisable

LABEL = re.compile(
    r"""(?:
      (?:投资者)?(?:关系)?(?:活动)?(?:关系)?(?:活动)?(?:类别|类型) | 调研形式
    | (?:接待|活动|会议|交流)(?:类别|类型|形式|方式)
    | (?:活动)?(?:参与|参会|参加|来访|与会|调研|出席|接待)
        (?:单位|机构|对象|人员|投资者|会议|调研|活动)
        (?:的)?(?:名称|姓名|人员|机构|单位|类型|及|和|与|、|/|投资者|情况|名单|排名不分先后)*
    | 机构名称(?:及人员(?:姓名)?)? | 特定对象(?:名称|姓名|及|和|人员)* | 投资者(?:名称|姓名|及|和|人员)+
    | (?:活动|会议|调研|接待|召开|交流|业绩说明会|说明会|会议召开|活动召开|说明会召开|现场参观|编制|填表)?(?:日期|时间)(?:及地点|和地点|、地点)?
    | (?:活动|会议|调研|接待|召开|交流|会议召开|活动召开|说明会召开)?(?:地点|方式|形式)(?:及方式|及形式|/方式|/形式)?
    | (?:上市)?(?:公司)?(?:方)?(?:接待|参会|参与|参加|出席|与会)(?:人员|人|嘉宾|代表)
        (?:及)?(?:姓名|名单|职务|及|和|、)*
    | 上市公司(?:接待|参会|参与|参加|出席|与会)?人员(?:姓名)?
    | (?:投资者关系)?(?:活动|调研|交流|会议|接待|沟通)?(?:的)?主要(?:内容|问题)
        (?:及|和)?(?:答复|回复)?(?:介绍|记录|概述|简介)?
    | (?:投资者关系活动|活动|调研|交流|会议|接待|沟通)(?:的)?内容(?:介绍|记录|概述|简介)?
    | 交流内容及具体问答记录 | 会议纪要 | 问答(?:环节)?记录
    | (?:关于)?(?:本次)?(?:活动|调研|会议)?(?:是否涉及|涉及)?(?:应当|应)?(?:披露)?
        重大(?:未公开)?信息(?:的)?(?:说明|情况)?
    | 关于本次活动是否涉及.{0,20}
    | (?:活动|本次活动)(?:过程)?(?:中)?(?:所)?(?:使用|涉及)的演示.{0,40}
    | 附件(?:清单|情况|目录)?(?:如有|若有)? | 日期 | 备注 | 编号 | 证券代码 | 风险提示 | (?:公司|特别)?声明 | 记录人 | 主持人 | 调研.{0,3}记录
    )""",
    re.VERBOSE,
)
_COLUMN_LABEL = re.compile(
    r"""(?:
      (?:主要)?(?:互动)?(?:交流|沟通|问答)(?:环节)?(?:的)?(?:主要)?(?:内容|问题|情况)
        (?:及|和|与)?(?:具体)?(?:问答|问题|答复|回复)?(?:记录|情况|介绍|概述)?
    | 投资者(?:提出的)?(?:主要)?(?:问题|问答)(?:及|和|与)?(?:公司)?(?:回复|答复|回答)?(?:情况)?
    | 主要问答(?:内容|记录)? | 会议记录 | 投资者关系活动记录
    | (?:交流|沟通|会谈|问答|访谈|调研|座谈)(?:环节)?(?:的)?(?:纪要|内容|记录|情况)
    | (?:业绩|投资者)?(?:说明会|会议)(?:类型|类别)
    )""",
    re.VERBOSE,
)
"""What is a label in the form's label column, but may be a heading elsewhere."""
_NOISE = re.compile(r"[\s()（）:：.。,，]+")


_QUESTIONS = re.compile(r"(?:投资者|网友)?(?:提出的|关注的)?(?:主要)?(?:提问|问题|问|Q)(?:内容)?")
_ANSWERS = re.compile(r"(?:公司|上市公司|董秘|管理层)?(?:回答|回复|答复|解答|答|A)(?:内容|情况)?")


def question_columns(heads: Sequence[str]) -> tuple[int, int] | None:
    """Which columns of a table hold questions and answers, by its first row's cells; None if none do."""
    keys = [re.sub(r"\s", "", head) for head in heads]
    question = next((at for at, key in enumerate(keys) if _QUESTIONS.fullmatch(key)), None)
    answer = next((at for at, key in enumerate(keys) if _ANSWERS.fullmatch(key)), None)
    return (question, answer) if question is not None and answer is not None else None


_ORDINAL = re.compile(r"\d{1,3}|[一二三四五六七八九十]{1,3}")


def badge(text: str) -> str | None:
    """`问` or `答` for what stands alone in front of a question or an answer (`问题1`, `董秘回复：`); None for others."""
    key = re.sub(r"[\s:：【】\[\]]", "", text)
    if len(key) > 12:
        return None
    bare = _ORDINAL.sub("", key)
    if _QUESTIONS.fullmatch(bare):
        return "问"
    return "答" if _ANSWERS.fullmatch(bare) else None


def label_key(text: str) -> str:
    """A label's text without white space, brackets and colons, as it is compared."""
    return recognisable(_NOISE.sub("", text))


def is_label(text: str) -> bool:
    """Whether a text is a form label, whole."""
    key = label_key(text)
    return bool(key) and LABEL.fullmatch(key) is not None


def is_column_label(text: str) -> bool:
    """Whether a text that stands in a table's first column is a form label, whole."""
    key = label_key(text)
    return bool(key) and (LABEL.fullmatch(key) or _COLUMN_LABEL.fullmatch(key)) is not None
