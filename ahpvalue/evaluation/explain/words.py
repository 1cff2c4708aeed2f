"""The sentences customers are shown, in English and Chinese, and figures in their own units."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import Any

from ahpvalue.errors import CustomerDataError, did_you_mean

__all__ = ["LANGUAGES", "customers_in_words", "figure", "say"]

_ENGLISH = {
    "score": "Your score is {total:.1f} of 100; a customer in the middle has {typical:.1f}.",
    "tier": "Your tier is {tier}.",
    "held": "By the score alone it would be {tier}; it stays for now because of: {reason}.",
    "capped": "It is limited to {tier}: {reason}.",
    "decided": "It was set by decision, until {until}.",
    "by lines": "By this period's figures alone your tier is {tier}.",
    "no tier": "There is no tier for this period: the figure that decides it is missing.",
    "no score": "There is no score for this period; your status is {status}.",
    "up": "What raises it:",
    "down": "What lowers it:",
    "reason": "{label}: {figure} (in the middle: {middle}), {points:+.1f} points.",
    "unknown": "Not known to us, so not counted: {labels}.",
    "nothing": "Nothing stands out: every figure is as in the middle.",
    "best": "You are in the best tier.",
    "way": "To reach {tier} a score of {needed:.2f} is needed; yours is {value:.2f}.",
    "way figure": "To reach {tier} {needed:,.2f} is needed; yours is {value:,.2f}.",
    "single": "One change would do:",
    "cheapest": "The least effort:",
    "change": "{label}: from {now} to {to}.",
    "or": "or ",
    "hold": "Your figures are good enough for {tier} already; keep them.",
    "periods": "Hold it for {periods} periods running.",
    "one more": "One more such period is needed.",
    "unreachable": "{tier} cannot be reached by what you can change yourself.",
    "fixed": "{tier} cannot be reached for now: your tier is set by decision, until {until}.",
    "vetoed": "{tier} is barred for now: {reason}.",
    "band": "a move needs a clear margin",
    "confirmation": "a move is made when it has been confirmed over the next periods",
    "grace": "there is a time of grace before a fall",
    "minimum stay": "a tier is kept for some periods before it changes again",
    "steps": "a move goes by one step at a time",
    "newcomer": "new customers start in the last tier",
    "colon": ": ",
    "list": ", ",
}
_CHINESE = {
    "score": "您的得分为 {total:.1f} 分（满分 100 分），处于中间水平的客户为 {typical:.1f} 分。",
    "tier": "您的等级为{tier}。",
    "held": "仅按得分应为{tier}；目前保持不变，原因：{reason}。",
    "capped": "等级上限为{tier}：{reason}。",
    "decided": "等级由人工决定，有效期至 {until}。",
    "by lines": "仅按本期数据，您的等级为{tier}。",
    "no tier": "本期没有等级：缺少决定等级的数据。",
    "no score": "本期没有得分；您的状态为{status}。",
    "up": "提高得分的因素：",
    "down": "降低得分的因素：",
    "reason": "{label}：{figure}（中间水平：{middle}），{points:+.1f} 分。",
    "unknown": "我们没有数据，因此未计入：{labels}。",
    "nothing": "各项指标均与中间水平相当。",
    "best": "您已在最高等级。",
    "way": "达到{tier}需要 {needed:.2f} 分，您目前为 {value:.2f} 分。",
    "way figure": "达到{tier}需要 {needed:,.2f}，您目前为 {value:,.2f}。",
    "single": "只改变一项即可：",
    "cheapest": "最省力的办法：",
    "change": "{label}：由 {now} 到 {to}。",
    "or": "或者",
    "hold": "您的各项指标已达到{tier}的要求，请继续保持。",
    "periods": "需连续保持 {periods} 期。",
    "one more": "还需再保持一期。",
    "unreachable": "仅靠您可以改变的指标无法达到{tier}。",
    "fixed": "目前不能进入{tier}：您的等级由人工决定，有效期至 {until}。",
    "vetoed": "目前不能进入{tier}：{reason}。",
    "band": "变动需要有明显的差距",
    "confirmation": "变动须经后续各期确认",
    "grace": "降级前有宽限期",
    "minimum stay": "等级须保持若干期后才能再变动",
    "steps": "每次只变动一级",
    "newcomer": "新客户从最低等级开始",
    "colon": "：",
    "list": "、",
}
_STATUS = {
    "active": "正常",
    "new": "新客户",
    "inactive": "未活跃",
    "lapsed": "已流失",
    "returns only": "仅有退货",
    "never bought": "从未购买",
    "not rated": "数据不足，未评价",
    "rated": "已评价",
}
LANGUAGES = {"en": _ENGLISH, "zh": _CHINESE}


def say(language: str, sentence: str, **parts: Any) -> str:
    """A sentence in a language.

    Raises
    ------
    CustomerDataError
        The sentences are not known in this language.

    Examples
    --------
    >>> say("zh", "tier", tier="核心客户")
    '您的等级为核心客户。'
    """
    if language not in LANGUAGES:
        raise CustomerDataError(
            f"reasons are told in English and Chinese, not in {language!r}"
            f"{did_you_mean(language, LANGUAGES)}"
        )
    if language == "zh" and "status" in parts:
        parts["status"] = _STATUS.get(parts["status"], parts["status"])
    return LANGUAGES[language][sentence].format(**parts)


def customers_in_words(count: int) -> str:
    """A number of customers, as in a title.

    Examples
    --------
    >>> customers_in_words(1), customers_in_words(1907)
    ('1 customer', '1,907 customers')
    """
    return f"{count:,} customer{'' if count == 1 else 's'}"


def figure(value: Any, unit: str = "", towards: float | None = None) -> str:
    """A figure with its unit, to four digits; a share as per cent; a category as it is.

    Parameters
    ----------
    value : float or str
    unit : str
    towards : float, optional
        When given, the last digit shown is rounded away from this figure, so that whoever
        follows the advice to the letter does enough.

    Examples
    --------
    >>> figure(1234.567, "cartons"), figure(0.12345, "share"), figure("A")
    ('1,235 cartons', '12.35 %', 'A')
    >>> figure(142.3871, "cartons", towards=100), figure(0.9, towards=5)
    ('142.4 cartons', '0.9')
    >>> figure(7.999999999999999, "days", towards=14)  # 8 is not below 8
    '7.999 days'
    """
    if isinstance(value, str):
        return value
    if unit == "share":
        return f"{_digits(value, towards, 100)} %"
    return f"{_digits(value, towards)} {unit}".strip()


def _digits(value: float, towards: float | None, factor: int = 1) -> str:
    shown = value * factor
    if not isfinite(shown) or shown == 0:
        return f"{shown:g}"
    places = max(0, 3 - floor(log10(abs(shown))))
    if towards is None:
        shown = round(shown, places)
    else:
        shown = _enough(value, 1 if value > towards else -1, places, factor)
    text = f"{shown:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _enough(value: float, side: int, places: int, factor: int) -> float:
    """The rounded figure on a value or beyond it: at an open edge a last bit decides."""
    scale = 10.0**places
    whole = round(value * factor * scale)
    while side * (whole / scale / factor - value) < 0:
        whole += side
    return whole / scale
