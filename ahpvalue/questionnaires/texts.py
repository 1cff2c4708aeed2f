"""Every word a questionnaire says, per language; the forms hold no wording of their own.

``{a}`` and ``{b}`` are the two items of a pair, ``{node}`` what they are compared for.
``degrees`` are the words for 1 to 9, after Saaty (1980).
"""

from __future__ import annotations

from typing import Any

from ahpvalue.errors import AhpValueError, did_you_mean

__all__ = ["LANGUAGES", "texts_in"]

_ENGLISH: dict[str, Any] = {
    "title": "{name}: which matters more?",
    "untitled": "Which matters more?",
    "for_expert": "Questions for {expert}",
    "intro": "Two things at a time: say which one matters more, and how much more. There are no "
    "right answers; what counts is your judgment. Skip what you cannot judge. A pair you skip "
    "counts as not answered, which is not the same as equal.",
    "intro_keys": "With the keyboard: Tab goes to the next pair, the arrow keys move the answer "
    "towards either side, Delete takes it back.",
    "intro_kept": "Your answers are kept in this browser. Nothing leaves this computer until you "
    "save the file and send it yourself.",
    "not_kept": "This browser does not keep answers. Save the file before you close the page.",
    "restored": "Your earlier answers have been put back.",
    "heading": "What matters more for {node}?",
    "heading_levels": "{node}: which is better?",
    "question": "How much more important is {a} than {b} for {node}?",
    "question_levels": "How much better is {a} than {b}, as to {node}?",
    "answer": "{a} is {degree} more important than {b}",
    "answer_levels": "{a} is {degree} better than {b}",
    "equal": "{a} and {b} are equally important",
    "equal_levels": "{a} and {b} are equally good",
    "equal_short": "equal",
    "degrees": [
        "equally",
        "slightly",
        "moderately",
        "moderately to strongly",
        "strongly",
        "strongly to very strongly",
        "very strongly",
        "very strongly to extremely",
        "extremely",
    ],
    "unanswered": "Not answered",
    "skipped": "Skipped",
    "off_scale": "Your earlier answer, {value}, lies between the steps; it stays until you choose",
    "skip": "Skip",
    "take_back": "Take back",
    "progress": "{answered} of {asked} answered",
    "next": "Next open pair",
    "all_done": "Every pair has an answer or was skipped",
    "contents": "Contents",
    "save": "Save answers",
    "saved": "{file} has been saved among your downloads. Send it to whoever gave you this page.",
    "confirm_heading": "Some pairs have no answer",
    "confirm": "{open} of {asked} pairs have no answer ({skipped} of them skipped). They stay "
    "without one; nothing is filled in.",
    "confirm_islands": "{node}: the answers do not yet connect every item, so that no weights "
    "follow from them. One answer that would: {a} against {b}.",
    "save_anyway": "Save all the same",
    "go_back": "Go on answering",
    "consistency": "Consistency",
    "cr": "CR {cr} (limit {limit})",
    "cr_good": "The answers agree well enough",
    "cr_bad": "The answers contradict each other too much",
    "cr_few": "Not testable yet: too few answers to compare with each other",
    "cr_islands": "Not testable yet: the answers do not connect every item",
    "cr_none": "One pair cannot contradict itself",
    "worst": "This answer fits the others least. What would fit: {answer} ({value}).",
    "worst_step": "This answer fits the others least; no other step would fit better.",
    "no_script": "This page needs JavaScript, which is switched off in this browser.",
    "node": "About",
    "first": "First",
    "second": "Second",
    "judgment": "Answer",
    "sheet": "Answers",
    "table_intro": "How many times is the first more important (or better) than the second? "
    "1 equal, 3 moderately, 5 strongly, 7 very strongly, 9 extremely; 2, 4, 6 and 8 lie between. "
    "If the second is the stronger, choose 1/2 to 1/9. Leave empty what you cannot judge.",
    "not_a_step": "Choose 1 to 9 if the first is the stronger, 1/2 to 1/9 if the second is; or "
    "leave the cell empty.",
}

_CHINESE: dict[str, Any] = {
    "title": "{name}：哪个更重要？",
    "untitled": "哪个更重要？",
    "for_expert": "{expert}的问卷",
    "intro": "每次比较两项：哪一项更重要，重要多少。答案没有对错，我们需要的是您的判断。"
    "无法判断的可以跳过；跳过表示未回答，不等于“同等重要”。",
    "intro_keys": "键盘操作：Tab 键到下一对，方向键把答案移向任一侧，Delete 键撤回答案。",
    "intro_kept": "答案保存在本浏览器中。在您自己保存文件并发送之前，任何内容都不会离开这台电脑。",
    "not_kept": "本浏览器不能保留答案，关闭页面前请先保存文件。",
    "restored": "已恢复您之前的答案。",
    "heading": "对“{node}”而言，哪个更重要？",
    "heading_levels": "“{node}”：哪个更好？",
    "question": "对“{node}”而言，“{a}”比“{b}”重要多少？",
    "question_levels": "就“{node}”而言，“{a}”比“{b}”好多少？",
    "answer": "“{a}”比“{b}”{degree}重要",
    "answer_levels": "“{a}”比“{b}”{degree}好",
    "equal": "“{a}”与“{b}”同等重要",
    "equal_levels": "“{a}”与“{b}”一样好",
    "equal_short": "相等",
    "degrees": [
        "同等",
        "同等至稍微",
        "稍微",
        "稍微至明显",
        "明显",
        "明显至强烈",
        "强烈",
        "强烈至极端",
        "极端",
    ],
    "unanswered": "未回答",
    "skipped": "已跳过",
    "off_scale": "您之前的答案 {value} 不在刻度上；重新选择之前保持不变",
    "skip": "跳过",
    "take_back": "撤回",
    "progress": "已回答 {answered} / {asked}",
    "next": "下一个未答",
    "all_done": "所有问题均已回答或跳过",
    "contents": "目录",
    "save": "保存答案",
    "saved": "{file} 已保存到下载文件夹，请把它发给提供本问卷的人。",
    "confirm_heading": "还有未回答的问题",
    "confirm": "{asked} 对中有 {open} 对没有答案（其中跳过 {skipped} 对）。"
    "它们将保持空缺，不会被自动填补。",
    "confirm_islands": "{node}：现有答案尚未把所有项目联系起来，因此无法得出权重。"
    "例如可补答：{a} 与 {b}。",
    "save_anyway": "仍然保存",
    "go_back": "继续回答",
    "consistency": "一致性",
    "cr": "CR {cr}（上限 {limit}）",
    "cr_good": "答案之间足够一致",
    "cr_bad": "答案之间矛盾过大",
    "cr_few": "暂不能检验：可相互对照的答案太少",
    "cr_islands": "暂不能检验：答案尚未联系所有项目",
    "cr_none": "只有一对，不存在矛盾",
    "worst": "这个答案与其他答案最不相符。相符的答案：{answer}（{value}）。",
    "worst_step": "这个答案与其他答案最不相符，但没有更相符的刻度。",
    "no_script": "本页面需要 JavaScript，而此浏览器已将其关闭。",
    "node": "关于",
    "first": "前者",
    "second": "后者",
    "judgment": "答案",
    "sheet": "答案",
    "table_intro": "前者的重要性（或优劣）是后者的多少倍？1 相等，3 稍微，5 明显，7 强烈，"
    "9 极端；2、4、6、8 介于其间。若后者更强，请选 1/2 至 1/9。无法判断的请留空。",
    "not_a_step": "前者更强请选 1 至 9，后者更强请选 1/2 至 1/9，或留空。",
}

LANGUAGES: dict[str, dict[str, Any]] = {"en": _ENGLISH, "zh": _CHINESE}
"""Language -> what is said in it; every language says the same things."""


def texts_in(language: str) -> dict[str, Any]:
    """The words in one language.

    Raises
    ------
    AhpValueError
        Questionnaires do not speak it.
    """
    if language not in LANGUAGES:
        near = did_you_mean(language, LANGUAGES)
        raise AhpValueError(f"there is no questionnaire in the language {language!r}{near}")
    return LANGUAGES[language]
