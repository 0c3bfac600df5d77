"""What lies in the folder: files with their sidecars, a csv for each day of answers, the sites' numbers of companies.

The files themselves tell what is there. Whatever is written is written beside under a hidden name and renamed, so that
a run that was killed leaves nothing half written, and the next one goes on where it ended.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ingest.errors import FetchError, LibraryError
from ingest.fetching.announcements import Announcement
from ingest.fetching.moments import printed
from ingest.fetching.questions import Question
from ingest.library.damage import of_disk, one_line
from ingest.pipeline.sources import LARGEST_SIDECAR, SIDECAR_SUFFIX

NUMBERS: Final = ".jupilu-fetch.json"
LOCK: Final = ".jupilu-fetch.lock"
PART: Final = ".part"
COLUMNS: Final = ("code", "short_name", "question", "answer", "question_time", "answer_time", "question_id")
TITLE_BYTES: Final = 120  # of a title in a file's name; the whole name stays below the 255 of file systems
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


class Folder:
    """The folder that is fetched into; one run at a time holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Holds the folder, which is made if it is not there; what a killed run left half written goes.

        Raises:
            FetchError: another run holds it.
            LibraryError: it can't be written.
        """
        from filelock import FileLock, Timeout

        with self._explained(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path / LOCK)
            try:
                lock.acquire(timeout=0)
            except Timeout as error:
                raise FetchError(
                    f"another `jupilu fetch` writes to {self.path}: wait for it, or name another folder with --into"
                ) from error
        try:
            with self._explained(self.path):
                for left in (*self.path.glob(f".*{PART}"), *self.path.glob(f"*/.*{PART}")):
                    left.unlink()
            yield
        finally:
            lock.release()

    def numbers(self) -> dict[str, dict[str, str]]:
        """The sites' own numbers of companies, by site and code, as an earlier run found them."""
        try:
            told = json.loads((self.path / NUMBERS).read_text(encoding="utf-8"))
            return {
                str(site): {str(code): str(number) for code, number in each.items()}
                for site, each in told.items()
            }
        except (OSError, ValueError, AttributeError, RecursionError):  # they are asked for again
            return {}

    def keep_numbers(self, numbers: Mapping[str, Mapping[str, str]]) -> None:
        """Keep the sites' numbers for the next run."""
        self._write(self.path / NUMBERS, json.dumps(numbers, indent=1, sort_keys=True).encode())

    def announcements(self, code: str) -> set[str]:
        """The numbers of a company's announcements whose files are there, by their sidecars."""
        found: set[str] = set()
        for sidecar in (self.path / code).glob(f"*{SIDECAR_SUFFIX}"):
            if not sidecar.with_name(sidecar.name.removesuffix(SIDECAR_SUFFIX)).is_file():
                continue
            try:
                if sidecar.stat().st_size <= LARGEST_SIDECAR:
                    found.add(str(json.loads(sidecar.read_text(encoding="utf-8"))["announcement_id"]))
            except (OSError, ValueError, KeyError, TypeError, RecursionError):
                continue  # somebody else's: the file is fetched again
        return found

    def keep_announcement(self, one: Announcement, short_name: str | None, data: bytes) -> Path:
        """Write a file and its sidecar.

        Raises:
            LibraryError: the disk is full, or may not be written.
        """
        day = f"{one.published_on.isoformat()}_" if one.published_on else ""
        path = self.path / one.code / f"{one.code}_{day}{_in_name(one.title)}_{one.id}{one.suffix}"
        told = {
            "code": one.code,
            "short_name": short_name,
            "title": one.title,
            "announcement_id": one.id,
            "source": one.url,
            "fetched_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        if one.published_on:
            told["published_on"] = one.published_on.isoformat()
        self._write(path, data)
        # the sidecar last: without it the file counts as not there
        sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
        self._write(sidecar, json.dumps(told, ensure_ascii=False, indent=1).encode())
        return path

    def questions(self, code: str, platform: str) -> dict[str, dict[str, str]]:
        """The rows of the answers that are there, by the platform's number of the question.

        Raises:
            FetchError: a file of them was changed so that it can't be read any more.
        """
        found: dict[str, dict[str, str]] = {}
        for path in sorted((self.path / code).glob(f"{code}_{platform}_*.csv"), reverse=True):
            rows = list(_rows(path))
            # a run that was killed while an answer moved to a later day left it under both
            own = [row for row in rows if row["question_id"] not in found]
            if len(own) < len(rows):
                self._keep_day(path, own)
            found.update((row["question_id"], row) for row in own)
        return found

    def keep_questions(
        self, platform: str, known: Mapping[str, dict[str, str]], asked: Sequence[Question]
    ) -> tuple[list[Path], int, int]:
        """Write the days of answers that hold something new.

        Args:
            platform: of the exchange; part of the files' names.
            known: what `questions` gave.
            asked: answered questions of one company.

        Returns:
            the files that were written, how many questions are new, how many answers changed.
        """
        rows = dict(known)
        days: set[str] = set()
        new = changed = 0
        for one in asked:
            row, before = _row(one), known.get(one.id)
            if before is not None and (before["question"], before["answer"]) == (
                row["question"],
                row["answer"],
            ):
                continue
            new, changed = (new + 1, changed) if before is None else (new, changed + 1)
            days.add(_day(row))
            if before is not None:
                days.add(_day(before))  # a changed answer may have moved to another day
            rows[one.id] = row
        written: list[Path] = []
        for day in sorted(days, reverse=True):  # what moves is there before it goes
            path = self.path / asked[0].code / f"{asked[0].code}_{platform}_{day}.csv"
            of_day = sorted((row for row in rows.values() if _day(row) == day), key=_in_order)
            self._keep_day(path, of_day)
            written += [path] if of_day else []
        return written, new, changed

    def _keep_day(self, path: Path, rows: Sequence[Mapping[str, str]]) -> None:
        """Write the rows of a day; a day without any has no file."""
        if rows:
            self._write(path, _as_csv(rows))
            return
        with self._explained(path):
            path.unlink(missing_ok=True)

    def _write(self, path: Path, data: bytes) -> None:
        beside = path.with_name(f".{path.name[:60]}{PART}")
        with self._explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                beside.write_bytes(data)
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)

    @contextmanager
    def _explained(self, path: Path) -> Iterator[None]:
        """What the disk raises as one line."""
        try:
            yield
        except OSError as error:
            raise LibraryError(str(of_disk(error, path)).replace("--library", "--into")) from error


def _row(one: Question) -> dict[str, str]:
    return {
        "code": one.code,
        "short_name": one.short_name,
        "question": _kept(one.question),
        "answer": _kept(one.answer),
        "question_time": printed(one.asked),
        "answer_time": printed(one.answered),
        "question_id": one.id,
    }


def _kept(text: str) -> str:
    """The text as it comes back from a csv: line ends of one kind, nothing that no text holds."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode()


def _day(row: Mapping[str, str]) -> str:
    return row["answer_time"][:10]


def _in_order(row: Mapping[str, str]) -> tuple[str, str]:
    return row["answer_time"], row["question_id"]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if not set(COLUMNS) <= set(rows.fieldnames or ()):
            raise ValueError("its columns are not those that were written")
        for row in rows:
            if not all(isinstance(row[name], str) for name in COLUMNS) or not _DAY.match(row["answer_time"]):
                raise ValueError("a row is not as it was written")
            yield {name: row[name] for name in COLUMNS}
    except (OSError, ValueError, csv.Error) as error:
        raise FetchError(
            f"{path} cannot be read ({one_line(str(error))}): move it away, and it is fetched again"
        ) from error


def _as_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _in_name(title: str) -> str:
    """A title as part of a file's name: letters and digits, cut at a length that every file system takes."""
    plain = re.sub(r"[^\w（）()-]+", "_", unicodedata.normalize("NFKC", title)).strip("_.") or "announcement"
    return plain.encode()[:TITLE_BYTES].decode("utf-8", "ignore").rstrip("_")
