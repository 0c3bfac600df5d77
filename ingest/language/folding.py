"""Characters that look alike made the same, one for one: what is recognised and searched is read through this.

PDF fonts often write ⼿ ⽉ ⻓ (radicals) for 手 月 长. Labels, names, marks and index words are looked for
in the folded text; offsets stay as they are, and what is quoted is cut from the text as printed.
"""

from __future__ import annotations

import re
import unicodedata

from ingest.language.traditional import simplified

# CJK Radicals Supplement, after Unicode's EquivalentUnifiedIdeograph.txt; NFKC knows two of these alone.
_SUPPLEMENT = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗㣺⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬"
    "⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糹⺰纟⺱罓⺲罒⺳网⺴网⺵网⺶羊⺷羊⺸羊⺹耂⺺肀⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤"
    "⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马"
    "⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
_TABLE: dict[int, str] = {
    **{ord(radical): plain for radical, plain in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)},
    # Kangxi radicals and compatibility ideographs: NFKC knows them, each as one character.
    **{
        code: plain
        for code in (*range(0x2F00, 0x2FE0), *range(0xF900, 0xFB00))
        if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain != chr(code)
    },
}
_ANY = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


def folded(text: str) -> str:
    """The text with radicals and compatibility forms as the characters that they stand for; as long as before."""
    return text.translate(_TABLE) if _ANY.search(text) else text


def recognisable(text: str) -> str:
    """The folded text, traditional characters of labels, marks and questions simplified; as long as before."""
    return simplified(folded(text))


def nfkc(text: str) -> str:
    """The folded text in one width (NFKC), for comparing and searching; its length may change."""
    return unicodedata.normalize("NFKC", folded(text))
