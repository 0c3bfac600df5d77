"""Which words name something: products, codes, places, bodies, people, titles."""

from __future__ import annotations

import re
from typing import Final

_NAMED: Final = re.compile(
    r"\d|[A-Z]|(?<![a-z ])[a-z]{2,}(?=[一-龥])|(?<=[一-龥])[a-z]{2,}"
    r"|[一-龥]{2,}(?:省|市|县|区|镇|乡|村|路|街|州|岛|港|集团|股份|证券|基金|大学|学院|中学|小学|医院|研究所|研究院|法院|检察院|委员会|协会|"
    r"大桥|机场|车站|公园|博物馆|体育馆)"
    r"|[一-龥]{1,3}(?:先生|女士|董事长|总经理|教授|博士|主任|书记|主席|总统|总理|部长|校长|院长)"
    r"|^[赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦吕曹严魏姜谢邹窦潘葛范彭鲁韦袁柳鲍唐费薛雷贺倪汤滕罗毕郝邬傅卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄贝臧戴宋庞熊纪"
    r"舒屈项董梁杜阮蓝闵席贾颜郭梅盛刁钟徐邱骆蔡樊胡凌霍虞柯卢莫裘缪宗丁宣邓洪崔龚程邢裴陆翁荀甄靳焦侯仇刘詹赖卓蔺乔阎欧曾][一-龥]{1,2}$",
)
_COMMON: Final = re.compile(r"我国|全国|各国|地区|农村|城市|道路|社区|园区|市区|所有|上市|都市")


def specific(words: str) -> bool:
    """Whether the words name something (a product, a place, a body, a person) rather than describe it."""
    return _NAMED.search(_COMMON.sub("", words)) is not None
