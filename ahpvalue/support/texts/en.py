"""The texts in English. A new language is a copy of this file, translated and named for it."""

from typing import Any

REVIEW = {
    "equal": "{a} and {b} weigh the same",
    "outweighs": "{a} outweighs {b} {times} times",
    "fine": "{node}: the answers agree with each other (CR {cr:.3f}, within the limit {limit:g}).",
    "over": "{node}: the answers contradict each other (CR {cr:.3f}, over the limit {limit:g}).",
    "not testable": "{node}: {answered} answers leave nothing that could contradict them, so "
    "that their consistency cannot be tested; answering {pair} as well would show it.",
    "cycle": "These answers are intransitive: {cycle}.",
    "pair": "{a} vs {b}",
    "beats": "{a} over {b}",
    "one": "You said that {old}; the other answers together say that {new}. That one change "
    "would bring CR to {after:.3f}.",
    "several": "No single change is enough. These {count} together would bring CR to {after:.3f}: ",
    "one by one": "These {count} changes, each the most helpful next, would bring CR to "
    "{after:.3f}; fewer may do: ",
    "change": "from '{old}' to '{new}'",
    "nothing found": "No change of single answers brings CR within the limit; it is best "
    "to answer this part again.",
    "others": "Other sets of as many answers that would do as well: {others}.",
    "most": "The answer that fits the others least is that {old}; they say that {new}.",
    "between": "; ",
    "end": ".",
}
"""What an expert is told about the answers given."""

QUESTIONNAIRE: dict[str, Any] = {
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
    "cr_good": "Within the limit: the answers agree well enough",
    "cr_bad": "Over the limit: the answers contradict each other too much",
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
"""What a questionnaire says. ``degrees`` are the words for 1 to 9, after Saaty (1980)."""

CUSTOMER = {
    "score": "Your score is {total:.1f} of 100.",
    "median score": "The median score is {median:.1f}: half of the reference customers have it "
    "or more.",
    "tier": "Your tier is {tier}.",
    "held": "By the score alone it would be {tier}; it stays for now because of: {reason}.",
    "capped": "It is limited to {tier}: {reason}.",
    "decided": "It was set by decision, until {until}.",
    "by lines": "By this period's values alone your tier is {tier}.",
    "no tier": "There is no tier for this period: the value that decides it is missing.",
    "no score": "There is no score for this period; your status is {status}.",
    "up": "What raises it:",
    "down": "What lowers it:",
    "reason": "{label}: {value} (median: {median}), {points:+.1f} points.",
    "reason category": "{label}: {value} (most frequent: {median}), {points:+.1f} points.",
    "unknown": "Not known to us, so not counted: {labels}.",
    "nothing": "Nothing stands out: every value counts about as much as the median one.",
    "best": "You are in the best tier.",
    "way": "To reach {tier} a score of {needed:.2f} is needed; yours is {value:.2f}.",
    "way value": "To reach {tier} {needed:,.2f} is needed; yours is {value:,.2f}.",
    "single": "One change would do:",
    "cheapest": "The least effort:",
    "change": "{label}: from {now} to {to}.",
    "or": "or ",
    "hold": "Your values are good enough for {tier} already; keep them.",
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
"""What a customer is told about score, tier and the way up."""

STATUS = {
    "active": "active",
    "new": "new",
    "inactive": "inactive",
    "lapsed": "lapsed",
    "returns only": "returns only",
    "never bought": "never bought",
    "not rated": "not rated",
    "rated": "rated",
}
"""What a customer's status is called."""
