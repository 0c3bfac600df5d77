"""What the layers below report, in the words and the language of the page: no commands, no paths, no settings.

The reasons and warnings of `ingest` are lines for a terminal, in English; a visitor can neither set a variable
nor install a package. What no line here fits is told in general and stands in the log.
"""

from __future__ import annotations

import logging
import re
from typing import Final

from ingest.errors import (
    ConversationUnknown,
    EmbeddingMismatch,
    JupiluError,
    LibraryBusy,
    LibraryMissing,
    ModelUnavailable,
    RecordUnknown,
)
from ui.web.wording import Language, say

logger = logging.getLogger(__name__)

# A pattern for what ingest says, and the page's words in both languages; {1} is what the first group matched.
_REASONS: Final[tuple[tuple[str, str, str], ...]] = (
    (r"the file is empty", "文件是空的，请重新下载", "the file is empty; download it again"),
    (r"encrypted", "文件有密码，请另存为没有密码的文件", "protected by a password; save it without one"),
    (r"a PDF without pages", "PDF 里没有页面", "a PDF without pages"),
    (r"page (\d+) is damaged", "第 {1} 页已损坏，请重新下载", "page {1} is damaged; download it again"),
    (r"(\d+) (?:scanned )?pages, more than (\d+)", "有 {1} 页，超过 {2} 页的上限，请拆分", "{1} pages, more than the {2} allowed; split it"),
    (r"not a readable PDF|damaged|cut off", "文件已损坏或不完整，请重新下载", "damaged or incomplete; download it again"),
    (r"scanned pages without text", "扫描件，没有文字层；这里没有安装文字识别", "scanned pages without text; text recognition is not installed here"),
    (r"nothing on its pages reads as text", "页面上认不出文字", "no text could be recognised on its pages"),
    (r"the Word document holds no text|the page shows no text|no shown sheet", "文件里没有文字", "there is no text in it"),
    (r"an old Word file|could not convert|could not read it|not converted|does not run", "旧版 Word 文件打不开，请另存为新版 Word 文件", "the old Word file cannot be opened; save it in the newer Word format"),
    (r"a zip archive", "压缩包；请解压后放入其中的文件", "a zip archive; unpack it and add the files in it"),
    (r"an Office file without a Word document", "这个 Office 文件里没有 Word 文档", "an Office file without a Word document in it"),
    (r"refused, it would unpack", "解压后过大，没有读取", "refused: it would unpack to far more than its size"),
    (r"nested|attributes; refused|nested absurdly deep", "结构异常，没有读取", "refused for its unusual structure"),
    (r"no text and no known format|a record is pdf, docx", "不是可以收录的格式（可收录 PDF、Word、网页、文本、表格）", "not a format that can be added (PDF, Word, HTML, text and tables can)"),
    (r"no Q&A export", "表格里没有问答：需要“问题”和“回答”两列", "no questions and answers in the table: it needs a column of questions and one of answers"),
    (r"none of its (\d+) questions is answered", "其中 {1} 个问题都没有回答", "none of its {1} questions is answered"),
    (r"no row has a question and an answer", "没有一行同时有问题和回答", "no row has both a question and an answer"),
    (r"line (\d+) is no valid csv", "第 {1} 行不是有效的表格，请重新导出", "line {1} is not a valid table; export it again"),
    (r"more than (\d+) rows", "超过 {1} 行，请拆分", "more than {1} rows; split it"),
    (r"JSON without|no valid JSON", "不是互动易接口的问答数据，请重新保存", "not the Q&A data of the exchange's interface; save it again"),
    (r"can't be told apart", "分不出投资者的问题和公司的回答，请保存互动平台的网页", "question and answer cannot be told apart; save the page of the Q&A platform itself"),
    (r"transcript with speakers", "会议记录按发言人分段，分不出问与答；请放入公司自己的活动记录", "a transcript by speakers, in which question and answer are not marked; add the company's own record"),
    (r"no activity form and no questions", "不是投资者关系活动记录：没有表头，也没有问答", "not an investor-relations record: no form and no questions and answers"),
    (r"(?:larger than|more than) (\d+) MB", "超过 {1} MB 的上限", "larger than the {1} MB allowed"),
    (r"took longer than|needs more memory|reader died", "读取时超出限制，已停止", "stopped: reading it took too long or too much memory"),
    (r"its sidecar", "旁边的说明文件（披露日期）读不出来", "the file beside it that gives its publication date cannot be read"),
    (r"cannot be read", "文件读不出来", "the file cannot be read"),
)  # fmt: skip

_WARNINGS: Final[tuple[tuple[str, str, str], ...]] = (
    (r"(\d+) questions without an answer left out", "{1} 个没有回答的问题没有收录", "{1} questions without an answer left out"),
    (r"(\d+) rows without a question left out", "{1} 行没有问题，没有收录", "{1} rows without a question left out"),
    (r"rows without a company code", "有些行没有股票代码", "some rows have no company code"),
    (r"no publication date", "没有披露日期；按日期筛选时不会用到它", "no publication date; a search up to a day leaves it out"),
    (r"no answer found to “(.*?)”", "没有找到“{1}”的回答", "no answer found to “{1}”"),
    (r"question (\d+) follows question (\d+)", "第 {2} 题之后是第 {1} 题：可能少了题", "question {1} follows question {2}: one may be missing"),
    (r"in one paragraph were parted by their wording", "问与答在同一段，按措辞分开，请对照原文", "questions and answers in one paragraph were parted by their wording; compare them"),
    (r"names no day of the activity; taken from the (.+)", "表内没有活动日期，取自标题或文件名", "the form names no day of the activity; taken from the {1}"),
    (r"(\d{4}-\d\d-\d\d) .*passed over", "日期 {1} 不合理，没有采用", "the date {1} is implausible and was not used"),
    (r"passed over", "表内有一个日期不合理，没有采用", "a date on the form is implausible and was not used"),
    (r"run over (\d+) characters", "表内有一栏超过 {1} 字，其余没有收录", "a field of the form runs over {1} characters; the rest is left out"),
    (r"does not say with a code whom it asks", "网页没有写明所问公司的代码", "the page does not give the code of the company that is asked"),
    (r"does not say on which day it was answered", "网页没有写明回答日期", "the page does not give the day of the answer"),
    (r"by OCR", "由图片识别而来，个别字可能有误", "recognised from pictures: single characters may be wrong"),
)  # fmt: skip

_ERRORS: Final[tuple[tuple[type[JupiluError], str], ...]] = (
    (RecordUnknown, "record_unknown"),
    (ConversationUnknown, "conversation_gone"),
    (LibraryMissing, "empty_library"),
    (LibraryBusy, "library_busy"),
    (EmbeddingMismatch, "library_unfit"),
    (ModelUnavailable, "model_unavailable"),
)
# A sentence, or the part of one in brackets, that tells what to type or to set.
_FOR_A_TERMINAL = re.compile(
    r" ?[（(][^（()）]*(?:`?jupilu \w+|JUPILU_\w+)[^（()）]*[)）]"
    r"|[。；;.，,]?[^。；;.，,（()）\n]*(?:`jupilu \w+`?|jupilu [a-z]+|JUPILU_\w+)[^。；;.（()）\n]*(?=[。；;.]|$)"
)

_DETAIL = re.compile(r" ?[（(].*[)）]")


def plain_reason(language: Language, reason: str) -> str:
    """Why a file was not added."""
    return _worded(language, reason, _REASONS) or _untold(language, "reason_untold", reason)


def plain_warning(language: Language, warning: str) -> str:
    """What was doubtful in a file that was added."""
    return _worded(language, warning, _WARNINGS) or _untold(language, "warning_untold", warning)


def plain_error(language: Language, error: Exception) -> str:
    """What went wrong, for a visitor."""
    for kind, key in _ERRORS:
        if isinstance(error, kind):
            return say(language, key)
    return _untold(language, "error_untold", str(error))


def without_commands(text: str) -> str:
    """An answer's own words about the library, without what is meant for a terminal."""
    return _FOR_A_TERMINAL.sub("", text) if "jupilu" in text.lower() else text


def plain_notice(text: str) -> str:
    """The line under an answer on why no model wrote; what a program or a provider said of it is left out."""
    plain = without_commands(text)
    return (
        _DETAIL.sub("", plain)
        if plain.startswith(("语言模型", "与语言模型", "没有这个语言模型", "The language model"))
        else plain
    )


def _worded(language: Language, said: str, table: tuple[tuple[str, str, str], ...]) -> str | None:
    for pattern, chinese, english in table:
        match = re.search(pattern, said, re.S)
        if match:
            text = chinese if language == "zh" else english
            for number, value in enumerate(match.groups(), start=1):
                text = text.replace(f"{{{number}}}", value or "")
            return text
    return None


def _untold(language: Language, key: str, said: str) -> str:
    logger.warning("told in general on the page: %s", said)
    return say(language, key)
