"""Records of two fictional companies over two years, and a library of them."""

from __future__ import annotations

from pathlib import Path

from ingest import ingest
from ingest.settings import Settings

HEAD = """证券代码：{code}    证券简称：{name}
{name}股份有限公司投资者关系活动记录表
编号：{number}
投资者关系活动类别：√特定对象调研
参与单位名称及人员姓名：松岚基金 韩一诺
时间：{year}年{month}月{day}日
地点：公司会议室
上市公司接待人员姓名：董事会秘书 段清禾
投资者关系活动主要内容介绍：
"""
TAIL = """附件清单（如有）：无
日期：{year}年{month}月{day}日
"""

Pairs = tuple[tuple[str, str], ...]
YUNXI: tuple[tuple[str, Pairs], ...] = (
    (
        "2024-04-26",
        (
            ("公司目前在手订单情况如何？", "截至2024年3月31日，公司在手订单金额约为8.2亿元。"),
            ("公司2023年综合毛利率是多少？", "公司2023年综合毛利率为31.2%，保持稳定。"),
            ("云梦新基地什么时候投产？", "云梦新基地正在建设，预计2024年12月投产。"),
        ),
    ),
    (
        "2024-06-20",
        (("公司如何看待行业竞争？", "行业竞争激烈，公司坚持以技术创新取胜。"),),
    ),
    (
        "2024-08-30",
        (
            ("公司的在手订单是多少？", "截至2024年6月30日，公司在手订单金额约为9.6亿元。"),
            (
                "同行的毛利率怎么样？",
                "同行业公司青岚智造、石梁重工去年综合毛利率分别为22.5%和18.5%，公司与同行相当。",
            ),
            ("云梦新基地进展？", "受雨季影响，云梦新基地预计2025年3月投产。"),
        ),
    ),
    (
        "2025-04-25",
        (
            ("公司在手订单怎么样？", "截至2025年3月31日，公司在手订单金额约为11.5亿元，创历史新高。"),
            (
                "公司2024年综合毛利率是多少？液冷业务呢？",
                "公司2024年综合毛利率为29.8%，液冷业务毛利率为35.0%。",
            ),
            ("云梦新基地什么时候投产？", "云梦新基地已于2025年3月投产。"),
            ("公司是否考虑回购？", "公司暂无应披露而未披露的回购计划。"),
        ),
    ),
    (
        "2025-05-20",
        (("公司在手订单有没有变化？", "截至2025年3月31日，公司在手订单金额约为11.5亿元，创历史新高。"),),
    ),
)
QINGLAN: tuple[tuple[str, Pairs], ...] = (
    (
        "2024-05-10",
        (("公司2023年综合毛利率多少？", "公司2023年综合毛利率为27.4%。"),),
    ),
    (
        "2025-05-12",
        (
            ("公司2024年综合毛利率多少？", "公司2024年综合毛利率为30.1%，同比提升2.7个百分点。"),
            ("公司在手订单情况？", "相关信息请关注公司定期报告，暂不便披露。"),
        ),
    ),
)


def library(folder: Path) -> Path:
    """A library of all records, made in `folder`."""
    source = folder / "records"
    source.mkdir()
    for code, name, records in (("309931", "云溪热控", YUNXI), ("609932", "青岚智造", QINGLAN)):
        for at, (day, pairs) in enumerate(records, 1):
            year, month, date = (int(part) for part in day.split("-"))
            given = {
                "code": code,
                "name": name,
                "year": year,
                "month": month,
                "day": date,
                "number": f"{year}-{at:03}",
            }
            body = "".join(
                f"{n}、{question}\n答：{answer}\n" for n, (question, answer) in enumerate(pairs, 1)
            )
            (source / f"{code}_{day}.txt").write_text(
                HEAD.format(**given) + body + TAIL.format(**given), encoding="utf-8"
            )
    made = folder / "library"
    ingest([source], made, settings=Settings(library=made))
    return made
