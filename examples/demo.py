"""Asks the five questions of demo_questions.json over the example library, and shows what comes back.

python -m examples.demo LIBRARY              # in the companies' own words
python -m examples.demo LIBRARY --written    # one of them, as the local model writes it behind the gate
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ingest.settings import Settings
from rag import DisclosureQA
from rag.answers import Answer, Drafted, Provisional
from ui.commands.showing import answer_as_text, printable

QUESTIONS = Path(__file__).with_name("demo_questions.json")


def main(library: Path) -> None:
    """Print each question, why it is asked, and its answer."""
    questions = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    with DisclosureQA.open(library, Settings(model="none")) as qa:
        for number, asked in enumerate(questions, 1):
            chosen = "".join(
                f"　{label}：{asked[key]}"
                for key, label in (("company", "公司"), ("as_of", "截至"))
                if asked.get(key)
            )
            answer = qa.ask(asked["question"], company=asked.get("company"), as_of=asked.get("as_of"))
            print(
                f"\n{'─' * 72}\n{number}. {asked['question']}{chosen}\n   {asked['why']}\n   → {answer.outcome}\n"
            )
            print(answer_as_text(answer))
    print(
        f"\n{'─' * 72}\nAsk your own: .venv/bin/jupilu ask '岚川智冷的液冷订单有多少？' --library {library}"
    )


def written(library: Path) -> None:
    """Ask one question of the local model: the verbatim answer at once, then each sentence as it is judged."""
    asked = next(one for one in json.loads(QUESTIONS.read_text(encoding="utf-8")) if one.get("written"))
    with DisclosureQA.open(library, Settings(model="local")) as qa:
        print(f"\n{'─' * 72}\n{asked['question']}\n")
        for event in qa.stream(asked["question"], company=asked.get("company"), as_of=asked.get("as_of")):
            if isinstance(event, Provisional):
                print(
                    f"{answer_as_text(event.answer)}\n\nNow the local model writes; the gate judges each sentence:\n"
                )
            elif isinstance(event, Drafted):
                stands = "✓" if event.claim else "✗"
                print(f"  {stands} {event.verdict}: {printable(event.text)}", flush=True)
            elif isinstance(event, Answer):
                print(f"\n{answer_as_text(event)}\n({event.model})")


if __name__ == "__main__":
    (written if "--written" in sys.argv[2:] else main)(Path(sys.argv[1]))
