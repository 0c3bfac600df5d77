"""Telling institutions from people by their names, as far as that can be told."""

from __future__ import annotations

import re

CHINESE = r"[\u3400-\u4dbf\u4e00-\u9fff]"

_INSTITUTION = re.compile(
    r"(?:证券|基金|资产|资本|投资|保险|银行|信托|资管|理财|期货|自营|养老金?|人寿|财险|产险|公司|集团|控股|管理|"
    r"投信|创投|私募|公募|国际|金融|金控|研究[院所]?|中心|合伙|咨询|顾问|传媒|媒体|日报|时报|财经|网|大学|协会|"
    r"电子|机械|通信|科技|医药|计算机|新材料|研究部|投顾|人保|再保|汇理|施罗德|瑞银|高盛|摩根.{0,6}|资源|机构|[）)])$"
    r"|(?:capital|management|partners?|funds?|investments?|investors?|limited|ltd\.?|llc|l\.?p\.?|inc\.?|bank|securities|"
    r"assets?|global|international|group|advis[eo]rs?|holdings?|ag|research|markets?|trust|company|corp\.?|corporation|co\.?|"
    r"international|insurance|equities|family office|asia|china|hong kong|singapore|am|hk)$",
    re.IGNORECASE,
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任"
    "袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴"
    "谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解"
    "应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬"
    "全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党"
    "翟谭贡劳逄姬申扶堵冉宰郦雍桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满"
    "弘匡国文寇广禄阙东殳沃利蔚越隆师巩聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉付肖闫代覃"
    "岳楼丑苟操隋佟揭占丛宛兰战原苑鹿邸矫茆赫漆初郄么仝补撒由尉粟邝敬晋雒税荀钦丘佘岑娜谌伦兀冼种库茅虎银车阳开"
    "張陳劉黃楊趙吳許蔡鄭謝賴蘇葉莊呂羅盧顏顧鄒賀龔韓馮蔣錢嚴連許寶"
)
_COMPOUND = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "令狐",
    "慕容",
    "司徒",
    "申屠",
    "夏侯",
    "端木",
)


def is_institution(text: str) -> bool:
    """Whether a name reads as an institution: by its last word, or by its length."""
    text = text.strip()
    if _INSTITUTION.search(text):
        return True
    return bool(re.fullmatch(rf"{CHINESE}{{5,}}", text)) and not text.startswith(_COMPOUND)


def is_person(text: str) -> bool:
    """Whether a name reads as one person's: a Chinese name with a known surname, or Latin words."""
    text = re.sub(r"(?:先生|女士|小姐|博士|总)$", "", text.strip())
    if re.fullmatch(rf"{CHINESE}{{2,4}}", text):
        if text.startswith(_COMPOUND):
            return True
        return text[0] in _SURNAMES and len(text) <= 3 and not _INSTITUTION.search(text)
    return bool(re.fullmatch(r"[A-Za-zÀ-ž.'\- ]{2,40}", text)) and not _INSTITUTION.search(text)


def tidy(text: str) -> str:
    """White space for looks goes: between Chinese characters always, elsewhere one space stays."""
    text = re.sub(r"\s+", " ", text.strip())
    return re.sub(rf"(?<={CHINESE}) (?={CHINESE})", "", text)


def glue(above: str, below: str) -> str:
    """Two layout lines as one: a space only between Latin words, where the line end stood for it."""
    if above and re.match(r"[A-Za-z&.,]", above[-1]) and re.match(r"[A-Za-z&(]", below):
        return f"{above} {below}"
    return above + below


def words_of(text: str) -> list[str]:
    """Words by white space; a name spaced for looks ("张 三") is one word, with its courtesy ("张三 先生")."""
    spaced = re.sub(
        rf"(?<!{CHINESE})({CHINESE})\s+({CHINESE})(?:\s+({CHINESE}))?(?!{CHINESE})", r"\1\2\3", text.strip()
    )
    return re.sub(rf"(?<={CHINESE})\s+(?=(?:先生|女士|小姐|博士)(?:\s|$))", "", spaced).split()


def split_people(text: str) -> tuple[str, ...]:
    """`张三、李四`, `张三 李四`, `Leo Chou、张三` as single names."""
    people: list[str] = []
    for part in re.split(r"[、，,/／;；|]|\s和\s|\s及\s", text):
        words = words_of(part)
        if len(words) > 1 and all(re.fullmatch(rf"{CHINESE}{{2,4}}", word) for word in words):
            people += words
        elif words:
            people.append(" ".join(words))
    return tuple(people)
