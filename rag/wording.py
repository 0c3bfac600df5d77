"""The words around the quotes, in the language of the question."""

from __future__ import annotations

from typing import Final

from rag.question import Language

WORDING: Final[dict[Language, dict[str, str]]] = {
    "zh": {
        "source": "{company}{date}披露的记录{number}中，问“{question}”，公司回答：",
        "statement": "{company}{date}披露的记录{number}中，公司介绍：",
        "repeated": "（同样的说法在 {count} 份记录中出现：最早 {first}，最近 {last}。）",
        "changes": "按时间先后，公司在不同记录中的说法：",
        "evaded": "{company}被问到过这个问题，但没有给出正面回答：",
        "not_found": "在{scope}的 {records} 份记录（{first} 至 {last} 披露）中没有找到对这个问题的回答。"
        "这只说明这些记录里没有，不代表公司没有在别处披露过。",
        "nothing_searched": "{scope}没有可检索的记录{until}。可用 jupilu records 查看已收录的记录。",
        "company_unknown": "资料库中没有“{name}”的记录。已收录的相近公司：{nearest}。",
        "library_empty": "资料库中没有“{name}”的记录，也还没有收录任何公司。可用 jupilu ingest 收录记录。",
        "company_ambiguous": "“{name}”可能指：{nearest}。请指明是哪一家。",
        "other_unknown": "（资料库中没有“{name}”的记录，以上只涉及{company}。）",
        "advice": "这是投资建议类的问题。据披露只回答公司正式说过什么，不提供买卖建议。",
        "share_price": "这是对股价的预测。据披露只回答公司正式说过什么，不预测股价。",
        "small_talk": "据披露只回答上市公司在投资者关系活动记录等披露文件中说过什么。请提一个关于公司的问题。",
        "instruction": "据披露只回答关于公司披露内容的问题，不执行其他指令。",
        "empty": "问题是空的。请提一个关于公司的问题。",
        "all_companies": "全部公司",
        "until": "（截至 {date}）",
        "unknown_date": "日期不详",
        "undated_left_out": "另有 {records} 份记录没有披露日期，截至 {date} 的检索没有包括它们。",
        "written_source": "[{mark}] {company}{date}披露的记录{number}，问“{question}”",
        "written_removed": "语言模型起草的 {drafted} 句中，{replaced} 句没有通过核验、已换成公司原文，{dropped} 句已删去。",
        "two_companies": "一句话混用了两家公司的资料",
        "no_answer": "不成句，或不是对问题的回答",
        "model_missing": "语言模型不可用（{detail}），以上是公司原文。",
        "model_no_key": "语言模型缺少密钥（设置 JUPILU_MODEL_API_KEY），以上是公司原文。",
        "model_wrong_key": "语言模型拒绝了密钥（检查 JUPILU_MODEL_API_KEY），以上是公司原文。",
        "model_busy": "语言模型限流或额度不足，以上是公司原文；稍后可重试。",
        "model_timeout": "语言模型超时，以上是公司原文。",
        "model_dropped": "与语言模型的连接中断，以上是公司原文。",
        "model_too_long": "资料超出语言模型的上下文长度（可调小 JUPILU_MODEL_EVIDENCE_TOKENS），以上是公司原文。",
        "model_unknown": "没有这个语言模型或地址不对（检查 JUPILU_MODEL 和 JUPILU_MODEL_BASE_URL），以上是公司原文。",
        "model_empty": "语言模型没有写出句子，以上是公司原文。",
        "model_no_answer": "语言模型认为这些资料没有直接回答，请看以上公司原文。",
        "model_unproven": "语言模型起草的 {detail} 句都没有通过核验，以上是公司原文。",
        "model_failed": "语言模型出错（{detail}），以上是公司原文。",
    },
    "en": {
        "source": "{company}, record {number} published {date}; asked “{question}”, the company said:",
        "statement": "{company}, record {number} published {date}; the company stated:",
        "repeated": "(The same was said in {count} records: first {first}, last {last}.)",
        "changes": "What the company said over time, oldest first:",
        "evaded": "{company} was asked this but gave no direct answer:",
        "not_found": "No answer to this was found in {records} records of {scope} (published {first} to {last})."
        " That says nothing about what the company may have disclosed elsewhere.",
        "nothing_searched": "There are no records of {scope} to search{until}. `jupilu records` lists what is there.",
        "company_unknown": "The library holds no records of “{name}”. Nearest companies in it: {nearest}.",
        "library_empty": "The library holds no records of “{name}”, nor of any company. `jupilu ingest` adds records.",
        "company_ambiguous": "“{name}” may mean: {nearest}. Please say which.",
        "other_unknown": "(The library holds no records of “{name}”; this is about {company} only.)",
        "advice": "This asks for investment advice. Jupilu only answers what companies have officially said.",
        "share_price": "This asks for a forecast of the share price. Jupilu only answers what companies have officially said.",
        "small_talk": "Jupilu only answers what listed companies have said in their disclosures. Ask about a company.",
        "instruction": "Jupilu only answers questions about companies' disclosures; it follows no other instructions.",
        "empty": "The question is empty. Ask about a company.",
        "all_companies": "all companies",
        "until": " (as of {date})",
        "unknown_date": "on an unknown date",
        "undated_left_out": "{records} more records have no publication date; the search as of {date} left them out.",
        "written_source": "[{mark}] {company}, record {number} published {date}; asked “{question}”",
        "written_removed": "Of {drafted} sentences that the model drafted, {replaced} failed the check and were replaced by the company's own words, {dropped} were dropped.",
        "two_companies": "one sentence mixes evidence of two companies",
        "no_answer": "no sentence, or no answer to the question",
        "model_missing": "The language model is not available ({detail}); these are the company's own words.",
        "model_no_key": "The language model has no key (set JUPILU_MODEL_API_KEY); these are the company's own words.",
        "model_wrong_key": "The language model refused the key (check JUPILU_MODEL_API_KEY); these are the company's own words.",
        "model_busy": "The language model is over its rate or quota; these are the company's own words. Try again later.",
        "model_timeout": "The language model took too long; these are the company's own words.",
        "model_dropped": "The connection to the language model broke; these are the company's own words.",
        "model_too_long": "The evidence is longer than the model's context (lower JUPILU_MODEL_EVIDENCE_TOKENS); these are the company's own words.",
        "model_unknown": "There is no such language model or address (check JUPILU_MODEL and JUPILU_MODEL_BASE_URL); these are the company's own words.",
        "model_empty": "The language model wrote no sentence; these are the company's own words.",
        "model_no_answer": "The language model finds no direct answer in this evidence; see the company's own words above.",
        "model_unproven": "None of the {detail} sentences that the model drafted passed the check; these are the company's own words.",
        "model_failed": "The language model failed ({detail}); these are the company's own words.",
    },
}


def say(language: Language, key: str, **values: object) -> str:
    """The text `key` in `language` with its values filled in. Raises KeyError for an unknown key."""
    return WORDING[language][key].format(**values)
