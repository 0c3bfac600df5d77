"""Labels join their sentences by hashes, agreement is counted as Cohen does, and no text is stored."""

from __future__ import annotations

import json
import re
from importlib import resources
from pathlib import Path

import pytest

from eval.recorded import RecordedPassage
from eval.studies.meta.agreement import (
    Judged,
    Label,
    compare,
    join,
    judge,
    kappa,
    read_labels,
    report,
    rights,
)
from eval.studies.meta.items import Base, Item, items, plain_items

PASSAGE = RecordedPassage(
    1, "公司2024年海外收入3.2亿元，同比增长21%。", "海外收入？", "600001", "云岭科技", None, "r", 1
)
OTHER = RecordedPassage(2, "公司员工总数为1200人。", "员工人数？", "600001", "云岭科技", None, "r", 2)
RIGHT = Item("verbatim", "公司2024年海外收入3.2亿元。", (PASSAGE,))
WRONG = Item("figure", "公司2024年海外收入3.7亿元。", (PASSAGE,))
PADDED = Item("padded", "公司2024年海外收入3.2亿元。", (PASSAGE, OTHER))


def label(item: Item, supported: int | None, citations: tuple[int, ...]) -> Label:
    one = (supported, citations)
    return Label(item.key, item.system, (("r", 1, 1),), one, one)


def test_the_measure_sees_support_and_needless_citations() -> None:
    assert judge(RIGHT) == (True, (True,))
    assert judge(WRONG) == (False, (False,))
    assert judge(PADDED) == (True, (True, False))


def test_labels_join_by_hashes_and_the_rest_is_counted() -> None:
    labels = [label(RIGHT, 1, (2,)), label(WRONG, 0, (1,)), label(PADDED, 1, (2, 0))]
    joined, missing = join(labels, [RIGHT, PADDED])
    assert [one.label.system for one in joined] == ["verbatim", "padded"] and missing == 1
    rows = compare(joined)
    assert [(r.name, r.right, r.count) for r in rows["recall"]] == [("padded", 1, 1), ("verbatim", 1, 1)]
    assert [(r.name, r.right, r.count) for r in rows["several"]] == [("padded", 2, 2)]


def test_white_space_and_width_do_not_matter_to_the_hash() -> None:
    assert Item("x", "公司 2024年海外收入３.2亿元。", (PASSAGE,)).key == RIGHT.key
    assert WRONG.key != RIGHT.key != PADDED.key


def test_kappa_is_cohen_s() -> None:
    # Observed 0.7, expected 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
    first = [1] * 25 + [0] * 25
    second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert kappa(first, second) == pytest.approx(0.4)
    assert kappa([1, 0], [1, 0]) == 1.0
    assert kappa([], []) is None and kappa([1, 1], [1, 1]) is None


def test_a_citation_of_an_unsupported_sentence_is_not_right() -> None:
    assert rights((1, (2, 0, 1))) == (True, False, True)
    assert rights((0, (1,))) == (False,) and rights((None, (2,))) == (False,)


def test_what_asserts_nothing_or_is_labelled_differently_is_left_out_and_said() -> None:
    question = Label(RIGHT.key, "plain", (), (None, (2,)), (None, (2,)))
    split = Label(RIGHT.key, "plain", (), (1, (2,)), (0, (1,)))
    told = report([question, split], [Judged(one, True, (True,)) for one in (question, split)], 0)
    assert "left out of the measure's accuracy: 1; labelled differently, left out too: 1" in told
    assert "| recall | — (0) |" in told and "nan" not in told.lower()


def test_items_are_drawn_the_same_each_time_and_each_sentence_once() -> None:
    bases = [
        Base(f"公司第{n}条产线目前没有投产，预计2025年投产，产能约{n}00吨。", PASSAGE, (OTHER,))
        for n in range(1, 30)
    ]
    made = items(bases, lambda passage: OTHER, [])
    assert made == items(bases, lambda passage: OTHER, [])
    assert {"figure", "negation"} <= {item.system for item in made}
    once = plain_items(iter([("公司2024年海外收入3.2亿元，很多。", PASSAGE)] * 2))
    assert [item.system for item in once] == ["plain"]


def test_stored_labels_hold_no_text() -> None:
    path = Path(str(resources.files("eval.studies.meta"))) / "labels.jsonl"
    labels = read_labels(path)
    assert sum(len(one.citations) for one in labels) >= 200
    for line in path.read_text("utf-8").splitlines():
        assert not re.search(r"[\u4e00-\u9fff]", json.dumps(json.loads(line), ensure_ascii=False))


def test_a_line_that_is_no_label_is_named(tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text('{"claim_sha256": "x"}\n')
    with pytest.raises(ValueError, match=r"labels\.jsonl:1"):
        read_labels(tmp_path / "labels.jsonl")
