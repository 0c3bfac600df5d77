"""The views' words in Chinese and English."""

from __future__ import annotations

from rag.asking.question import Language

WORDING: dict[Language, dict[str, str]] = {
    "zh": {
        "about": "关于“{topic}”",
        "track_columns": "日期|原话|数字|变化|此前相同次数|更早未提及的记录数|来源文件|问答|页",
        "compare_columns": "期间|口径|数字|原话|日期|来源文件|较高",
        "track_head": "{company}{about}的说法，从新到旧（检索 {records} 份记录，{first} 至 {last}，{entries} 条）：",
        "track_nothing": "在{company}的 {records} 份记录（{first} 至 {last}）中没有找到{about}的说法。这不等于公司没有披露过。",
        "track_silent_since": "（此后至 {last} 的 {records} 份记录中没有找到。）",
        "unknown_day": "日期不详",
        "repeated": "无变化，与此前 {count} 次相同（最早 {first}）",
        "declined": "被问到，没有正面回答",
        "overtaken": "已被 {day} 的说法更新",
        "more": "（另有更早的 {entries} 条，`jupilu track` 全部列出。）",
        "gap": "（更早的 {records} 份记录中没有找到，间隔 {days} 天。）",
        "change_figure": "{measure}：{old} → {new}（前者见 {since}）",
        "change_same_figure": "{measure}：{new}，与 {since} 相同",
        "change_not_comparable": "与 {since} 的数字不可比（口径或期间不同）",
        "change_expected": "预计时间：{old} → {new}（前者见 {since}）",
        "change_certainty": "语气：“{old}” → “{new}”（前者见 {since}）",
        "change_repeated": "与 {since} 的说法相同",
        "change_reworded": "说法不同",
        "compare_head": "{companies}关于“{topic}”：",
        "compare_newest": "最新说法",
        "compare_answers": "原话",
        "compare_figures": "最新数字",
        "compare_higher": "{what}：{company} {best} 较高（另为 {others}）。",
        "compare_no_higher": "{what}：相同，或不是确数，不比高低。",
        "compare_one": "只有一家给出了数字，不可比。",
        "compare_nothing": "没有同口径、同期间的数字，不可比，只列各自原话。",
        "cell_silent": "没有说（{records} 份记录）",
        "cell_not_comparable": "不可比",
        "cell_quote": "见原话",
    },
    "en": {
        "about": " on “{topic}”",
        "track_columns": "day|quote|figures|what changed|times before|records in between without it|file|pair|page",
        "compare_columns": "period|measure|figure|quote|day|file|higher",
        "track_head": "What {company} said{about}, newest first ({records} records searched, {first} to {last}, {entries} entries):",
        "track_nothing": "Nothing{about} was found in {records} records of {company} ({first} to {last}). That does not mean that the company has not disclosed it.",
        "track_silent_since": "(Nothing was found in the {records} records since then, up to {last}.)",
        "unknown_day": "day unknown",
        "repeated": "unchanged, the same as {count} times before (first {first})",
        "declined": "asked, gave no direct answer",
        "overtaken": "overtaken by what was said on {day}",
        "more": "({entries} older entries: `jupilu track` lists them all.)",
        "gap": "(Nothing was found in the {records} records before this, {days} days.)",
        "change_figure": "{measure}: {old} → {new} (the former told {since})",
        "change_same_figure": "{measure}: {new}, the same as on {since}",
        "change_not_comparable": "not comparable with the figures of {since} (another measure or period)",
        "change_expected": "expected: {old} → {new} (the former told {since})",
        "change_certainty": "how sure: “{old}” → “{new}” (the former told {since})",
        "change_repeated": "the same as on {since}",
        "change_reworded": "put in other words",
        "compare_head": "{companies} on “{topic}”:",
        "compare_newest": "newest statement",
        "compare_answers": "in its own words",
        "compare_figures": "newest figure",
        "compare_higher": "{what}: {company} is higher with {best} (the other: {others}).",
        "compare_no_higher": "{what}: equal, or no exact amounts; neither is called higher.",
        "compare_one": "Only one of them gives a figure: not comparable.",
        "compare_nothing": "No figures of one measure and period: not comparable, only each company's own words.",
        "cell_silent": "said nothing ({records} records)",
        "cell_not_comparable": "not comparable",
        "cell_quote": "see the quote",
    },
}


def say(language: Language, key: str, **values: object) -> str:
    """The text `key` in `language` with its values filled in. Raises KeyError for an unknown key."""
    return WORDING[language][key].format(**values)
