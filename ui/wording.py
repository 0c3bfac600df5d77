"""The words of the web page, in Chinese and English; the words of answers are in `rag/wording.py`."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["zh", "en"]

WORDING: Final[dict[str, tuple[str, str]]] = {
    "title": ("据披露", "Jupilu"),
    "tagline": (
        "上市公司正式说过什么，逐句对照原始记录",
        "What listed companies have officially said, sentence by sentence against the record",
    ),
    "switch_language": ("English", "中文"),
    "chat_tab": ("对话", "Chat"),
    "library_tab": ("资料库", "Library"),
    "eval_tab": ("评测", "Evaluation"),
    # evaluation
    "eval_run": ("运行内置评测", "Run the built-in cases"),
    "eval_intro": (
        "用内置题目检查这个资料库：对的问答找到了吗，每句话有据吗，数字对吗，该说没有的时候说没有了吗。"
        "逐字引用，不用语言模型；只读，不改动资料库。题目针对随附的示例公司，资料库里没有的会跳过并注明。",
        "Checks this library with the built-in cases: is the right pair found, is every sentence proven, do the figures"
        " hold, is “not found” said where it should be? Verbatim, without a language model; it only reads. The cases are"
        " about the example companies; those that are not in the library are skipped and counted.",
    ),
    "eval_starting": ("正在准备评测…", "Getting ready…"),
    "eval_running": ("已评测 {done} / {of} 题", "{done} of {of} cases done"),
    "eval_busy": ("另一位访客正在运行评测，请稍后再试。", "Another visitor is running the evaluation; try again later."),
    "eval_no_records": (
        "资料库是空的，没有可评测的内容。请先在“资料库”里加入记录。",
        "The library is empty: there is nothing to evaluate. Add records in the library tab first.",
    ),
    "eval_done": (
        "共 {cases} 题：评分 {scored}，出错 {errors}，跳过 {skipped}。",
        "{cases} cases: {scored} scored, {errors} errors, {skipped} skipped.",
    ),
    "eval_skipped": (
        "跳过的 {skipped} 题针对不在这个资料库里的公司或文件，没有计入指标。",
        "The {skipped} skipped cases are about companies or files that are not in this library; no figure counts them.",
    ),
    "eval_report": ("评测报告", "Evaluation report"),
    "eval_name": ("内置题目", "built-in cases"),
    # conversations
    "conversations": ("我的对话", "Conversations"),
    "new_conversation": ("新对话", "New conversation"),
    "untitled": ("未命名", "Untitled"),
    "rename": ("重命名", "Rename"),
    "delete": ("删除", "Delete"),
    "rename_prompt": ("新的名称：", "New name:"),
    "delete_confirm": (
        "删除这个对话？删除后无法恢复。",
        "Delete this conversation? It cannot be brought back.",
    ),
    "conversation_gone": ("没有这个对话，或它不属于您。", "There is no such conversation, or it is not yours."),
    "no_conversations": ("还没有对话", "No conversations yet"),
    # asking
    "question": ("您的问题", "Your question"),
    "question_hint": (
        "例如：二期产能什么时候投产？（按 / 回到这里）",
        "e.g. When does phase two start? (/ returns here)",
    ),
    "send": ("提问", "Ask"),
    "stop": ("停止", "Stop"),
    "editing": ("正在修改第 {number} 问；发送后，它和后面的问答会被替换。", "Editing question {number}; sending replaces it and all after it."),
    "cancel_edit": ("放弃修改", "Discard"),
    "filters": ("筛选", "Filters"),
    "company": ("公司", "Company"),
    "all_companies": ("全部公司", "All companies"),
    "as_of": ("截至（含当日）", "As of"),
    "period": ("披露时间", "Published in"),
    "any_period": ("不限", "Any time"),
    "year": ("{year} 年", "{year}"),
    "company_hint": ("名称、代码或拼音首字母", "Name, code or initials"),
    "company_none": ("资料库里没有“{typed}”，未按公司筛选。", "Nothing in the library is called “{typed}”; not limited to a company."),
    "remove_filter": ("去掉“{what}”", "Remove “{what}”"),
    "active_filters": ("已选条件", "Active filters"),
    "length_over": ("{count} 字，最多 {most} 字；请缩短后再提问。", "{count} characters, at most {most}: shorten it before asking."),
    "library_busy": ("资料库正在更新，请稍后再试。", "The library is being updated; try again in a moment."),
    "library_unfit": ("资料库与这里的检索模型不符，请联系管理员。", "The library does not fit the search model here; tell whoever runs this page."),
    "model_unavailable": ("缺少检索模型，请联系管理员。", "A model is missing here; tell whoever runs this page."),
    "error_untold": ("程序无法处理，原因已记入日志。", "It could not be done; the reason was logged."),
    "reason_untold": ("无法收录这个文件，原因已记入日志。", "The file could not be added; the reason was logged."),
    "warning_untold": ("有疑点，请对照原件。", "Something is doubtful; compare it with the original."),
    "toast_warning": ("请注意", "Please note"),
    "toast_error": ("没有完成", "Not done"),
    "wrong_filters": ("筛选条件无法识别：“{value}”。", "The filters cannot be read: “{value}”."),
    "question_too_long": ("问题太长（最多 {most} 字）。", "The question is too long (at most {most} characters)."),
    "examples": ("可以这样问", "You might ask"),
    "follow_ups": ("相关问题", "Related questions"),
    "near_questions": (
        "资料里最接近的提问（未必是您要的答案）",
        "The nearest questions that investors did ask (perhaps not yours)",
    ),
    "welcome": (
        "每句回答都附原文出处：点编号看公司、记录编号、披露日期和原件页面。没有找到就说没有找到。",
        "Every sentence carries its source: the number opens company, record, date and the original page."
        " What is not found is said to be not found.",
    ),
    "welcome_title": ("这里有什么", "What is inside"),
    "suggest_fact": ("{company}的{topic}怎么样？", "What does {company} say about its {topic}?"),
    "suggest_change": ("{company}的{topic}有什么变化？", "How has {company}'s {topic} changed?"),
    "suggest_visitors": ("哪些机构调研过{company}？", "Which institutions have visited {company}?"),
    "empty_library": ("资料库还是空的。", "The library is empty."),
    "load_examples": ("载入示例记录（虚构公司）", "Load the example records (fictional companies)"),
    "loading_examples": ("正在载入示例…", "Loading the examples…"),
    "or_upload": (
        "也可以在“资料库”里放入自己的文件。",
        "Or add your own files in the Library tab.",
    ),
    "stopped": ("已停止。还没有找到原文，问题留在这里。", "Stopped before anything was found; the question is kept here."),
    "stopped_writing": ("已停止写作，这里是公司原文。", "Writing was stopped; these are the company's own words."),
    "waiting": ("排队中", "Waiting"),
    "at_work": ("正在回答", "being answered"),
    "too_busy": ("正在回答的问题太多，请稍后重试。", "Too many questions are being answered; try again in a moment."),
    "show_all": ("展开全部", "Show everything"),
    "made_how": ("怎样得到的", "How this was made"),
    "choose_company": ("您问的是哪一家？", "Which company do you mean?"),
    "failed": ("没有完成：{reason}", "Not finished: {reason}"),
    "failed_inside": (
        "程序出错，已记入日志（编号 {number}）。请重试。",
        "An internal error was logged (number {number}). Try again.",
    ),
    # steps
    "step_question": ("理解", "Reading"),
    "step_retrieval": ("检索", "Searching"),
    "step_writing": ("写作", "Writing"),
    "step_grounding": ("核验", "Checking"),
    "step_model": ("模型写作并核验", "Model writing, checked"),
    "checking": ("核验中", "Checking"),
    "provisional": ("先给出原文；整理后的回答核验通过后替换", "The company's words first; the written answer replaces them once checked"),
    "milliseconds": ("{value} 毫秒", "{value} ms"),
    "seconds": ("{value} 秒", "{value} s"),
    # outcomes
    "answered": ("引文已核对", "Quotes checked"),
    "not_found": ("没有找到", "Not found"),
    "evaded": ("未正面回答", "No direct answer"),
    "company_unknown": ("未确定公司", "Which company?"),
    "out_of_scope": ("不在范围内", "Out of scope"),
    "you": ("提问", "You asked"),
    "searched": (
        "检索了 {records} 份记录（{first} 至 {last} 披露）",
        "{records} records searched (published {first} to {last})",
    ),
    "filtered_as_of": ("截至 {date}", "as of {date}"),
    "understood_as": ("理解为：{question}", "Understood as: {question}"),
    "model": ("模型 {model}", "model {model}"),
    "verbatim": ("逐字摘录，未用语言模型", "verbatim, no language model"),
    "receipt": ("回执 {receipt}", "receipt {receipt}"),
    # actions on a turn
    "copy": ("复制", "Copy"),
    "retry": ("重试", "Retry"),
    "edit": ("修改", "Edit"),
    "good": ("有帮助", "Helpful"),
    "bad": ("有问题", "Not right"),
    "bad_why": ("哪里有问题？", "What is wrong?"),
    "wrong_citation": ("引用错误", "Wrong citation"),
    "off_topic": ("答非所问", "Does not answer"),
    "should_refuse": ("应拒答", "Should have declined"),
    "missed": ("记录里有却没找到", "Missed what is there"),
    "outdated": ("有更新的说法", "Outdated"),
    "other_reason": ("其他", "Other"),
    "feedback_kept": ("已记下：{what}", "Noted: {what}"),
    "sources": ("出处", "Sources"),
    "disclaimer": (
        "以上内容摘自公司公开披露的记录，以原件为准，不构成投资建议。",
        "Taken from the companies' published records; the originals prevail. Not investment advice.",
    ),
    # evidence
    "evidence": ("证据", "Evidence"),
    "evidence_hint": ("点回答里的编号，这里显示原文。", "Click a number in an answer to see the source here."),
    "evidence_of": ("第 {number} 问的证据", "Evidence for question {number}"),
    "mark_label": ("引用 {mark}：{verdict}，查看证据", "Citation {mark}: {verdict}; show the evidence"),
    "mark_label_open": ("引用 {mark}：查看证据", "Citation {mark}: show the evidence"),
    "supported": ("与原文相符", "Matches the record"),
    "contradicted": ("与原文矛盾", "Contradicted"),
    "unsupported": ("原文不支持", "Not supported"),
    "not_checkable": ("无法核验", "Not checkable"),
    "published_on": ("披露 {date}", "Published {date}"),
    "basis_held_on": ("（按活动日期估计）", " (estimated from the activity)"),
    "basis_signed_on": ("（表内日期）", " (date on the form)"),
    "unknown_date": ("日期不详", "date unknown"),
    "number": ("编号 {number}", "No. {number}"),
    "no_number": ("无编号", "no number"),
    "pair": ("问答 {number}", "Q&A {number}"),
    "statement": ("公司介绍", "Statement"),
    "page": ("第 {number} 页", "page {number}"),
    "investor_asked": ("投资者问", "Investor asked"),
    "company_said": ("公司答", "Company said"),
    "page_picture": (
        "{file} 第 {number} 页，引文已标出",
        "{file}, page {number}, the quotation highlighted",
    ),
    "whole_page": ("看整页", "Whole page"),
    "participants": ("参与机构（{count}）", "Participants ({count})"),
    "hosts": ("公司接待人员", "Hosts"),
    "open_record": ("打开整份记录", "Open the whole record"),
    "download": ("下载原件", "Download the original"),
    "back_to_answer": ("回到回答", "Back to the answer"),
    "record_removed": (
        "这份记录已从资料库移除；引文是当时保存的。",
        "This record has since been removed from the library; the quotation is as it was kept.",
    ),
    "reasons": ("核对结果", "How it was checked"),
    # record page
    "record": ("记录", "Record"),
    "held_on": ("活动日期", "Held on"),
    "place": ("地点", "Place"),
    "categories": ("活动类别", "Kind of activity"),
    "source_file": ("原始文件", "Source file"),
    "publication": ("披露日期", "Published"),
    "record_number": ("记录编号", "Record number"),
    "warnings": ("解析提示", "Parse warnings"),
    "record_unknown": ("资料库里没有这份记录。", "The library has no such record."),
    # library
    "upload": ("放入文件（PDF、Word、网页、文本、CSV）", "Drop files (PDF, Word, HTML, text, CSV)"),
    "drop_here": ("把文件拖到这里", "Drop files here"),
    "drop_or": ("或", "or"),
    "drop_click": ("点击选择", "Click to choose"),
    "upload_folder": ("选择文件夹", "Choose a folder"),
    "ingest": ("收录", "Add to the library"),
    "nothing_uploaded": ("请先选择文件。", "Choose files first."),
    "too_many_files": (
        "一次最多 {most} 个文件，这里有 {count} 个；请分批放入。",
        "At most {most} files at once, these are {count}; add them in parts.",
    ),
    "too_many_bytes": (
        "一次最多 {most} MB；请分批放入。",
        "At most {most} MB at once; add them in parts.",
    ),
    "library_read_only": ("这里只能查看，不能收录或移除。", "This library can be read here, not changed."),
    "ingesting": ("正在收录 {done}/{count}", "Adding {done}/{count}"),
    "ingested": (
        "新增 {added}，更新 {updated}，未变 {unchanged}，失败 {failed}",
        "{added} added, {updated} updated, {unchanged} unchanged, {failed} failed",
    ),
    "file_added": ("已收录", "added"),
    "file_updated": ("已更新", "updated"),
    "file_unchanged": ("未变", "unchanged"),
    "file_failed": ("失败", "failed"),
    "file_working": ("处理中", "working"),
    "coverage": ("覆盖情况：每月披露的记录数", "Coverage: records published in each month"),
    "coverage_cell": ("{company} {month}：{count} 份", "{company} {month}: {count} records"),
    "earlier": ("更早 {count} 份", "{count} earlier"),
    "undated": ("日期不详 {count} 份", "{count} without a date"),
    "gaps": ("编号缺口", "Gaps in record numbers"),
    "no_gaps": ("没有发现编号缺口。", "No gaps found in the record numbers."),
    "gap_line": ("{company} {year} 年：缺 {numbers}", "{company} {year}: missing {numbers}"),
    "gap_note": (
        "按已收录记录的编号推算：编号中断处可能有未收录的记录，也可能公司跳号。",
        "Inferred from the numbers of the records here: a record may be missing, or the company skipped a number.",
    ),
    "no_warnings": ("没有解析提示。", "No parse warnings."),
    "all_records": ("全部记录（{count}）", "All records ({count})"),
    "remove_choose": ("要移除的记录", "Records to remove"),
    "remove": ("移除所选", "Remove chosen"),
    "removed": ("已移除 {count} 份记录。", "{count} records removed."),
    "counts": (
        "{records} 份记录 · {companies} 家公司 · {pairs} 条问答 · {first} 至 {last}",
        "{records} records · {companies} companies · {pairs} Q&As · {first} to {last}",
    ),
    "col_file": ("文件", "File"),
    "col_result": ("结果", "Result"),
    "col_reason": ("说明", "Reason"),
    "col_company": ("公司", "Company"),
    "col_date": ("披露日期", "Published"),
    "col_pairs": ("问答", "Q&As"),
    "login": ("请登录。", "Please log in."),
}  # fmt: skip

BAD_REASONS: Final = ("wrong_citation", "off_topic", "should_refuse", "missed", "outdated", "other_reason")


def say(language: Language, key: str, **values: object) -> str:
    """The text `key` in `language` with its values filled in. Raises KeyError for an unknown key."""
    text = WORDING[key][0 if language == "zh" else 1]
    return text.format(**values) if values else text


def language_of(code: str | None) -> Language:
    """The page's language for a browser's language code: Chinese for zh-anything, otherwise English."""
    return "zh" if (code or "zh").strip().lower().startswith("zh") else "en"
