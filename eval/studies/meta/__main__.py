"""Is the measure itself right? Its judgement of sentences and citations against labels made by reading.

    python -m eval.studies.meta --library DIR                 # agreement of both passes, accuracy of the measure
    python -m eval.studies.meta --library DIR --dump OUT.jsonl --order WORD   # the sentences to label, no verdict shown

The labelled sentences are other people's text, so `eval/meta/labels.jsonl` holds hashes, record ids and labels
only. The answers are made anew from the library, the same each time, and joined by hashes; what does not join
is counted. A label is, for each pass, whether the sentence is fully supported by what it cites (1, 0, or null
where it asserts nothing, as a question does) and how much each citation supports (2 fully, 1 partly,
0 not, null where the sentence is not supported and has no other citation).
A citation is right when its sentence is fully supported and it supports it at least partly (after ALCE,
arXiv 2305.14627, section 4 and appendix on human evaluation).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Final

from eval.cases import read_cases
from eval.making.rewriting import drawn
from eval.recorded import RecordedPassage
from eval.studies.meta.agreement import join, read_labels, report, rights
from eval.studies.meta.items import Item, bases, items, plain_items
from eval.studies.plain_pipeline import PlainPipeline
from eval.studies.product_mutations import neighbours_in, sentences_of
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA

CASES: Final = ("shared_a.jsonl", "shared_b.jsonl")


def remade(qa: DisclosureQA, folder: Path) -> list[Item]:
    """Every sentence that may have been labelled, made anew from the library."""
    cases = read_cases([Path(str(resources.files("eval").joinpath(f"cases/{name}"))) for name in CASES])
    pipeline = PlainPipeline(qa.library, folder)

    def quoted() -> Iterator[tuple[str, RecordedPassage]]:
        for case in cases:
            answer = pipeline.answer(case)
            for sentence in sentences_of(answer):
                yield sentence.text, answer.passages[0]

    return items(bases(qa, cases), neighbours_in(qa.library), plain_items(quoted()))


def dump(made: Sequence[Item], path: Path, order: str) -> None:
    """Write the sentences to be labelled, in an order drawn by a word, without system or verdict."""
    lines = [
        json.dumps(
            {
                "key": list(item.key),
                "claim": item.claim,
                "cited": [{"mark": p.mark, "question": p.question, "text": p.text} for p in item.passages],
            },
            ensure_ascii=False,
        )
        for item in sorted(made, key=lambda one: drawn(0, order, *one.key))
    ]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring. Exit status 1 where no label joins."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.meta", description=__doc__.splitlines()[0])
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument(
        "--labels", type=Path, default=Path(str(resources.files("eval.studies.meta"))) / "labels.jsonl"
    )
    parser.add_argument("--index", type=Path, help="where the plain pipeline keeps its chunks")
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--order", default="first")
    parser.add_argument(
        "--wrong", action="store_true", help="show the sentences on which measure and labels differ"
    )
    given = parser.parse_args(arguments)
    with DisclosureQA.open(given.library, Settings(library=given.library, model="none")) as qa:
        made = remade(qa, given.index or given.library / "plain-pipeline")
    if given.dump:
        dump(made, given.dump, given.order)
        print(f"{len(made)} sentences in {given.dump}")
        return 0
    labels = read_labels(given.labels)
    joined, missing = join(labels, made)
    print(report(labels, joined, missing))
    if given.wrong:
        by_key = {item.key: item for item in made}
        for one in joined:
            told = one.label.first[0]
            if told is not None and (one.supported != bool(told) or one.needed != rights(one.label.first)):
                print(
                    f"\n{one.label.system} labelled {one.label.first} measured {one.supported} {one.needed}"
                )
                print(f"  {by_key[one.label.key].claim}")
    return 0 if joined else 1


if __name__ == "__main__":
    raise SystemExit(main())
