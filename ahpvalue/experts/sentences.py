"""What is said to an expert about the answers given, in English and Chinese."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ahpvalue.errors import AhpValueError

__all__ = ["LANGUAGES", "as_answer", "judged", "phrase"]


def as_answer(value: float) -> str:
    """3 or 1/3, and other ratios with four digits."""
    if value < 1:
        near = Fraction(value).limit_denominator(9)
        return f"{near}" if abs(float(near) - value) < 1e-9 else f"{value:.4g}"
    return f"{value:.4g}"


_TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "equal": "{a} and {b} weigh the same",
        "outweighs": "{a} outweighs {b} {times} times",
        "fine": "{node}: the answers agree with each other (CR {cr:.3f}, limit {limit:g}).",
        "over": "{node}: the answers contradict each other (CR {cr:.3f}, limit {limit:g}).",
        "beyond": "{node}: the answers hardly contradict each other; CR {cr:.3f} is over the limit "
        "{limit:g} only because they imply a ratio beyond 9 for pairs that were not answered. "
        "Answering {pair} as well would show what is meant.",
        "not testable": "{node}: {answered} answers leave nothing that could contradict them, so "
        "that their consistency cannot be tested; answering {pair} as well would show it.",
        "cycle": "Taken together, these answers go round in a circle: {circle}.",
        "pair": "{a} vs {b}",
        "beats": "{a} over {b}",
        "one": "You said that {old}; the other answers together say that {new}. That one change "
        "would bring CR to {after:.3f}.",
        "several": "No single change is enough. These {count} together would bring CR to "
        "{after:.3f}: ",
        "one by one": "These {count} changes, each the most helpful next, would bring CR to "
        "{after:.3f}; fewer may do: ",
        "change": "from '{old}' to '{new}'",
        "nothing found": "No change of single answers brings CR within the limit; it is best "
        "to answer this part anew.",
        "others": "Other sets of as many answers that would do as well: {others}.",
        "most": "The answer that fits the others least is that {old}; they say that {new}.",
        "between": "; ",
        "end": ".",
    },
    "zh": {
        "equal": "“{a}”与“{b}”同等重要",
        "outweighs": "“{a}”的重要性是“{b}”的{times}倍",
        "fine": "{node}：各项回答彼此一致（CR {cr:.3f}，限值 {limit:g}）。",
        "over": "{node}：各项回答相互矛盾（CR {cr:.3f}，限值 {limit:g}）。",
        "beyond": "{node}：各项回答几乎没有矛盾；CR {cr:.3f} 超过限值 {limit:g}，只是因为它们意味着"
        "某些未回答的比较超出 9 倍。请再比较{pair}，以明确含义。",
        "not testable": "{node}：仅有{answered}项回答，无从相互印证，故无法检验一致性；"
        "再比较{pair}即可检验。",
        "cycle": "这些回答合在一起形成循环：{circle}。",
        "pair": "“{a}”与“{b}”",
        "beats": "“{a}”胜过“{b}”",
        "one": "您认为{old}；而其余回答合起来表明{new}。仅修改这一项，CR 即降至 {after:.3f}。",
        "several": "仅修改一项不够。同时修改以下{count}项，CR 即降至 {after:.3f}：",
        "one by one": "依次修改以下{count}项（每次取最有帮助的一项），CR 即降至 {after:.3f}；"
        "也许更少即可：",
        "change": "由「{old}」改为「{new}」",
        "nothing found": "修改个别回答不能使 CR 回到限值以内，建议重新回答这一部分。",
        "others": "另有{others}组同样数量的修改也能达到要求。",
        "most": "与其余回答最不相符的是：{old}；其余回答表明{new}。",
        "between": "；",
        "end": "。",
    },
}

LANGUAGES = tuple(_TEXTS)
"""The languages sentences are written in."""


def phrase(language: str, key: str, **parts: object) -> str:
    """One of the texts with its parts filled in."""
    if language not in _TEXTS:
        raise AhpValueError(
            f"sentences are written in {' and '.join(LANGUAGES)}, not in {language!r}"
        )
    return _TEXTS[language][key].format(**parts)


def judged(language: str, a: str, b: str, value: float, label: Callable[[str], str]) -> str:
    """A judgment of a over b in words."""
    if abs(value - 1) < 1e-9:
        return phrase(language, "equal", a=label(a), b=label(b))
    if value < 1:
        a, b, value = b, a, 1 / value
    return phrase(language, "outweighs", a=label(a), b=label(b), times=as_answer(value))
