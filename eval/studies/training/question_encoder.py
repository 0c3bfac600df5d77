"""Trains the question encoder (`ingest.embedding.e5_questions`): everyday questions near the passages that answer them.

    python -m eval.studies.training.question_encoder --library DIR [--without FOLD] [--epochs 3] --out FILE

Only the question's side is trained: passages keep the bundled model's vectors. A question is compared with every
passage of its company and with a *nothing* of fixed height: a right passage has to win, and for near misses (and one in
five questions whose right passages are taken away) nothing has to. The word score stands beside the nearness, so that the
encoder learns what words don't show. One thread; about 15 minutes a run on one core. Checkpoints after each epoch.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import torch

from eval.folds import fold_of
from eval.studies.training.material import unit_of, written
from eval.studies.training.network import Encoder
from ingest.library.filters import Where
from ingest.library.library import Library
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA
from rag.finding.fusion import HUB_NEIGHBOURS, HUBNESS, WORDS_DEPTH, typical_questions
from rag.finding.retrieval import sought

TOGETHER = 48  # questions of one company a step
RATE, WEIGHTS_RATE, WARM_UP = 5e-4, 5e-3, 15
TEMPERATURE = 0.03
TAKEN_AWAY = 0.2
# How nearness to the passage, to its question, the word score and nothing weigh at first; they are trained too.
START = (1.2, 0.5, 0.2, 1.0)


@dataclass(slots=True)
class Item:
    """A question with the places of its right passages among its company's, and its word scores (0..1)."""

    question: str
    right: list[int]
    words: Any


@dataclass(slots=True)
class Company:
    """Vectors of a company's passages (n x 384), of their questions, how near these are to any question, and items."""

    passages: Any
    questions: Any
    passage_hubs: Any
    question_hubs: Any
    asked: Any
    items: list[Item]


def companies(library: Library, without: int | None) -> dict[str, Company]:
    """The material of every company outside the fold."""
    qa = DisclosureQA(library, Settings(library=library.path, model="none"), keeps_receipts=False)
    table = library.index.store.table()
    at = {name: place for place, name in enumerate(table.ids)}
    typical = typical_questions("multilingual-e5-small")
    if typical is None:
        raise ValueError("rag/data/typical_questions.json is of another model")

    def hubs(rows: Any) -> Any:
        return torch.from_numpy(
            HUBNESS * numpy.sort(rows @ typical.T, axis=1)[:, -HUB_NEIGHBOURS:].mean(axis=1)
        )

    places: dict[str, list[int]] = defaultdict(list)
    unit_places: dict[Any, list[tuple[str, int]]] = defaultdict(list)
    names: dict[str, dict[str, int]] = defaultdict(dict)
    for passage in library.all_passages():
        code = passage.code or ""
        if passage.id not in at or (without is not None and fold_of(code) == without):
            continue
        names[code][passage.id] = len(places[code])
        unit_places[unit_of(passage)].append((code, len(places[code])))
        places[code].append(at[passage.id])
    found: dict[str, Company] = {}
    for code, own in places.items():
        passages = numpy.array(table.passage[own], dtype=numpy.float32)
        questions = numpy.array(table.question[own], dtype=numpy.float32)
        found[code] = Company(
            torch.from_numpy(passages), torch.from_numpy(questions), hubs(passages), hubs(questions),
            torch.from_numpy(numpy.abs(questions).sum(axis=1) > 0), [],
        )  # fmt: skip
    for one in written(library):
        if one.code not in found:
            continue
        text = qa.understood(one.question, company=one.code).search_text
        words = torch.zeros(len(places[one.code]))
        for name, score in library.index.lexical(
            sought(text), Where(codes=frozenset([one.code])), WORDS_DEPTH
        ):
            if name in names[one.code]:
                words[names[one.code][name]] = score
        right = [] if one.label == "neither" else sorted({n for u in one.units for _, n in unit_places[u]})
        found[one.code].items.append(Item(text, right, words / max(float(words.max()), 1e-6)))
    return {code: company for code, company in found.items() if company.items}


def train(material: dict[str, Company], epochs: int, out: Path, seed: int = 0) -> Encoder:
    """The trained encoder; written to `out` after each epoch."""
    torch.set_num_threads(1)
    encoder, dice = Encoder(seed), random.Random(seed)
    weights = torch.nn.Parameter(torch.tensor(START))
    optimiser = torch.optim.AdamW(
        [{"params": list(encoder.parameters()), "lr": RATE}, {"params": [weights], "lr": WEIGHTS_RATE}],
        weight_decay=0.01,
    )
    total, step, started = len(_batches(material, dice)) * epochs, 0, time.monotonic()
    losses: list[float] = []
    for epoch in range(epochs):
        for company, items in _batches(material, dice):
            optimiser.param_groups[0]["lr"] = (
                RATE * min(1.0, (step + 1) / WARM_UP) * max(0.05, 1 - step / total)
            )
            loss = _loss(encoder, weights, company, items, dice)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
            optimiser.step()
            losses.append(loss.item())
            step += 1
            if step % 25 == 0:
                mean = sum(losses[-25:]) / 25
                spent = time.monotonic() - started
                print(f"{step}/{total} loss {mean:.3f} {spent:.0f} s", file=sys.stderr, flush=True)
        encoder.save(out)
        print(f"epoch {epoch + 1} of {epochs} written to {out}", file=sys.stderr, flush=True)
    return encoder


def _batches(material: dict[str, Company], dice: random.Random) -> list[tuple[Company, list[Item]]]:
    found: list[tuple[Company, list[Item]]] = []
    for company in material.values():
        items = company.items[:]
        dice.shuffle(items)
        found += [(company, items[at : at + TOGETHER]) for at in range(0, len(items), TOGETHER)]
    dice.shuffle(found)
    return found


def _loss(
    encoder: Encoder, weights: Any, company: Company, items: Sequence[Item], dice: random.Random
) -> Any:
    """Cross-entropy against all passages of the company and nothing."""
    count = len(company.passages)
    right = torch.zeros(len(items), count + 1, dtype=torch.bool)
    away = torch.zeros(len(items), count, dtype=torch.bool)
    for at, item in enumerate(items):
        if item.right and dice.random() < TAKEN_AWAY:
            away[at, item.right] = True
        elif item.right:
            right[at, item.right] = True
        right[at, count] = not right[at].any()
    vectors = encoder([item.question for item in items])
    scores = (
        weights[0] * (vectors @ company.passages.T - company.passage_hubs)
        + weights[1] * (vectors @ company.questions.T - company.question_hubs) * company.asked
        + weights[2] * torch.stack([item.words for item in items])
    ) / TEMPERATURE
    scores = torch.cat([scores.masked_fill(away, -1e9), (weights[3] / TEMPERATURE).expand(len(items), 1)], 1)
    return (torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right, -1e9), 1)).mean()


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.training.question_encoder")
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--without", type=int)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    with Library.open(options.library, Settings(library=options.library, model="none")) as library:
        material = companies(library, options.without)
    print(f"{sum(len(one.items) for one in material.values())} questions", file=sys.stderr, flush=True)
    train(material, options.epochs, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
