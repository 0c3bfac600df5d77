"""What Jupilu does not answer: advice on a share, its price to come, small talk, orders to the program."""

from __future__ import annotations

import re
from typing import Literal

Reason = Literal["advice", "share_price", "small_talk", "instruction", "empty"]

_INSTRUCTION = re.compile(
    r"(?:忽略|无视|忘记|忘掉|绕过|跳过|不要遵守|覆盖)\S{0,6}(?:以上|之前|前面|上面|上述|先前|所有|一切|全部|系统|你的)?\S{0,6}"
    r"(?:指令|指示|规则|提示词?|设定|限制|约束|要求)"
    r"|(?:你现在是|从现在起你|(?:请|你|来)扮演|假装你是|进入)\S{0,10}(?:模式|角色|助手|机器人|专家|黑客|人|DAN)"
    r"|(?:输出|显示|打印|泄露|告诉我|重复|复述|给我)\S{0,8}(?:系统提示|提示词|system\s*prompt|密钥|api\s*key|环境变量|密码)"
    r"|(?:执行|运行)\S{0,6}(?:命令|代码|脚本|shell)|rm\s+-rf|drop\s+table|<script|越狱|jailbreak"
    r"|\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|prompts?|guidelines?)\b"
    r"|\b(?:reveal|print|show|repeat|output)\b.{0,30}\b(?:system prompt|api key|environment variables?|password)\b"
    r"|\byou are now\b|\bact as\b|\bpretend to be\b|\bdeveloper mode\b",
    re.I,
)
_ADVICE = re.compile(
    r"(?:能|可以|该|应该|要不要|值不值得|值得|适合|建议|推荐|是否)\S{0,6}"
    r"(?:买入(?!\S{0,6}(?:理财|资产|设备|原材料))|买进|买吗|买么|买不买|卖出|卖掉|卖吗|卖么|入手|加仓|减仓|抄底|建仓|清仓|满仓|梭哈|割肉|止损|上车|持有吗|投资吗|长期持有|定投)"
    r"|(?:买入|卖出|加仓|减仓|抄底|建仓|清仓|入手|上车)(?:吗|么|好吗|合适|时机|点)"
    r"|(?:推荐|荐)\S{0,6}(?:股票|个股|牛股|股)|(?:买|选)\S{0,4}(?:哪只|哪个|哪家)\S{0,4}(?:股|好)|哪只股\S{0,6}(?:好|买|涨)"
    r"|\b(?:should|can|shall) (?:i|we) (?:buy|sell|hold|invest)\b|\b(?:buy|sell|hold) rating\b|\bgood (?:buy|investment)\b"
    r"|\brecommend\b.{0,20}\bstocks?\b|\bworth (?:buying|investing)\b",
    re.I,
)
_SHARE_PRICE = re.compile(
    r"目标价|目标股价|(?:股价|股票|市值|这只股|该股)\S{0,10}(?:会|能|将|还能|预测|预计|什么时候|何时|明天|下周|未来)\S{0,8}(?:涨|跌|翻倍|到多少|破|见底|见顶|反弹)"
    r"|(?:预测|预计|估计|看|猜)\S{0,8}(?:股价|目标位|点位|涨跌)|(?:明天|明日|下周|后市|短期|年底)\S{0,8}(?:涨还是跌|会涨|会跌|能涨|涨停|大盘|走势)"
    r"|(?:还会|会不会|还能|能不能|会|能)(?:继续|再)?(?:大)?(?:涨|跌)(?:吗|么|停|到)|(?:涨|跌)到多少(?:元|钱|块)|(?:支撑位|压力位|K线|技术面)"
    r"|\b(?:price target|target price)\b|\b(?:share|stock) price\b.{0,30}\b(?:will|going|predict|forecast|next|tomorrow)\b"
    r"|\bwill\b.{0,40}\b(?:stock|share|shares|price)\b.{0,20}\b(?:rise|fall|go up|go down|double|increase|drop)\b",
    re.I,
)
_PRODUCT_PRICE = re.compile(r"涨价|跌价|降价|提价|价格|产品|原材料|铜|铝|成本")
_SMALL_TALK = re.compile(
    r"^(?:你好|您好|哈喽|嗨|在吗|在不在|早上好|下午好|晚上好|谢谢|多谢|辛苦了|再见|拜拜|hello|hi|hey|thanks?|thank you|bye)\W*$"
    r"|你是谁|你叫什么|你是什么模型|你是不是\S{0,4}(?:AI|机器人|GPT)|你几岁|(?:讲|说)个?\S{0,3}(?:笑话|故事)|(?:写|作)\S{0,3}(?:首|篇)\S{0,6}(?:诗|歌|作文|小说)"
    r"|(?:今天|明天|现在)\S{0,6}(?:天气|星期几|几号|几点)|天气(?:怎么样|如何)|(?:帮我|给我)?(?:翻译|写)\S{0,4}(?:代码|程序|邮件|作文)"
    r"|\b(?:who are you|what are you|your name|tell me a joke|write (?:me )?a (?:poem|story|song|program)|weather)\b",
    re.I,
)


def out_of_scope(text: str) -> Reason | None:
    """Why `text` is nothing that disclosures could answer, or None if they might.

    Questions about what a company said of its share price, buy-backs or valuation stay in scope;
    only advice, forecasts of the price, small talk and orders to the program are refused.
    """
    if not re.search(r"\w", text):
        return "empty"
    if _INSTRUCTION.search(text):
        return "instruction"
    if _ADVICE.search(text):
        return "advice"
    price = _SHARE_PRICE.search(text)
    if price and not _PRODUCT_PRICE.search(text):
        return "share_price"
    if _SMALL_TALK.search(text):
        return "small_talk"
    return None
