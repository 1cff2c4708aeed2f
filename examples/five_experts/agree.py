"""From blank questionnaires to an agreed model, with INVENTED experts and answers.

Run from anywhere: ``python examples/five_experts/agree.py [FOLDER]``. Writes the questionnaires,
the answered model, the agreed model and the expert's file that was changed to FOLDER.
"""

import sys
import warnings
from pathlib import Path

import ahpvalue as av

HERE = Path(__file__).parent
FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else "five-experts")


def main() -> None:
    """Ask, collect, review, agree, report."""
    (FOLDER / "asked").mkdir(parents=True, exist_ok=True)

    heading("1. Ask: a page for each expert")
    questions = av.load_questions(HERE / "model.yaml")
    for expert in questions.experts:
        page = av.questionnaire(questions, expert, language="en")
        (FOLDER / "asked" / f"{expert}.html").write_bytes(page)
        print(f"{FOLDER.name}/asked/{expert}.html")

    heading("2. Collect what came back, in whatever form")
    collected = av.collect(HERE / "returned", questions)
    print(collected)
    for problem in collected.refused:
        print("refused:", str(problem).removeprefix(f"{HERE}/"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", av.ConsistencyWarning)  # the review says it better
        answered = collected.model
    answered.save(FOLDER / "answered.yaml")

    heading("3. Review: what should be taken back, and by whom?")
    print(answered.experts.review(), "\n")
    for expert, sentences in answered.experts.review().sentences().items():
        print(f"To {expert}:", *sentences, sep="\n  ")

    heading("4. Agree: the credit officer looks again, and the old answer stays on record")
    row = answered.experts.review().of("credit_officer", "contribution")
    agreed = answered.experts.accept(
        row.expert, row.node, row.proposal, by="credit officer (invented)", day="2026-03-31"
    )
    agreed.save(FOLDER / "agreed.yaml")
    agreed.experts.save_expert("credit_officer", FOLDER / "credit_officer.yaml")
    print(agreed.consistency())

    heading("5. Consensus: who agrees with whom, and on what not?")
    consensus = agreed.experts.consensus()
    for part in (consensus, consensus.pairs, consensus.groups, consensus.leave_one_out):
        print(part, "\n")

    heading("6. The agreed weights, and how sure they are")
    print(agreed.weights(language="en").indicators, "\n")
    print(agreed.experts.uncertainty(draws=1000))


def heading(text: str) -> None:
    """A line above each step."""
    print(f"\n== {text}\n")


if __name__ == "__main__":
    main()
