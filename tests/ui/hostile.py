"""Commands of a library that is damaged, and command lines that nobody means well: what each ends with.

`python hostile.py PLACE damage COUNT SEED` and `python hostile.py PLACE lines COUNT` print one JSON document:
{"tried", "statuses": {status: count}, "tracebacks": [...], "hangs": [...], "long": [...], "changed": [...]}.
Each command runs in a child of one process that has everything imported.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEADLINE = 90.0
"""Seconds of the clock for one command on a busy machine."""
QUESTION = "岚川智冷的液冷业务进展如何？"
Damage = Callable[[Path, random.Random], None]


@dataclass
class Told:
    """How one command ended."""

    status: int | None
    out: str
    err: str

    @property
    def fault(self) -> str | None:
        """Why this is no decent end, None if it is one."""
        if self.status is None:
            return "hang"
        words = self.out + self.err
        if "Traceback" in words or "please report" in words or "panicked" in words:
            return "traceback"
        return None if self.status in (0, 1, 2, 3) else "traceback"


@dataclass
class Tally:
    tried: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    tracebacks: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)

    def add(self, name: str, told: Told) -> None:
        self.tried += 1
        self.statuses[str(told.status)] += 1
        if told.fault == "hang":
            self.hangs.append(name)
        elif told.fault:
            self.tracebacks.append(f"{name}: status {told.status}: {(told.err or told.out)[-300:]}")
        elif told.status == 3 and told.err.strip().count("\n"):
            self.long.append(f"{name}: {told.err[:300]}")


def command(place: Path, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Told:
    """One command in a child of this process."""
    out, err = place / "out", place / "err"
    child = os.fork()
    if child == 0:
        status = 1
        try:
            for number, file in ((1, out), (2, err)):
                os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
            os.environ.update(environment or {})
            sys.argv = ["jupilu", *arguments]
            from ui.cli import main

            main()
            status = 0
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
        except BaseException:  # noqa: BLE001  # what a shell would show
            import traceback

            traceback.print_exc()
        finally:
            with suppress(Exception):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)
    ends_at = time.monotonic() + DEADLINE
    ended = 0
    while not ended and time.monotonic() < ends_at:
        ended, waited = os.waitpid(child, os.WNOHANG)
        time.sleep(0.01)
    if not ended:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    read = [file.read_text(encoding="utf-8", errors="replace") for file in (out, err)]
    return Told(os.waitstatus_to_exitcode(waited) if ended else None, *read)


# ------------------------------------------------------------------- damage


def files_of(library: Path) -> list[str]:
    found = (str(file.relative_to(library)) for file in library.rglob("*") if file.is_file())
    return sorted(name for name in found if not name.endswith((".lock", "-shm")))


def overwritten(file: Path, dice: random.Random) -> None:
    data = bytearray(file.read_bytes())
    at = dice.choice([0, 0, len(data) // 2, max(0, len(data) - 300), dice.randrange(len(data) + 1)])
    data[at : at + 300] = dice.randbytes(min(300, max(1, len(data) - at)))
    file.write_bytes(bytes(data))


def flipped(file: Path, dice: random.Random) -> None:
    data = bytearray(file.read_bytes())
    if data:
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    file.write_bytes(bytes(data))


def cut(file: Path, dice: random.Random) -> None:
    file.write_bytes(file.read_bytes()[: dice.randrange(file.stat().st_size + 1)])


def longer(file: Path, dice: random.Random) -> None:
    file.write_bytes(file.read_bytes() + dice.randbytes(5000))


def emptied(file: Path, dice: random.Random) -> None:
    file.write_bytes(b"")


def lost(file: Path, dice: random.Random) -> None:
    file.unlink()


def a_folder(file: Path, dice: random.Random) -> None:
    file.unlink()
    file.mkdir()


def a_circle(file: Path, dice: random.Random) -> None:
    file.unlink()
    file.symlink_to(file)


def text(file: Path, dice: random.Random) -> None:
    file.write_text("[" * 100_000 if dice.random() < 0.5 else "no database at all\n" * 300)


def zeroed(file: Path, dice: random.Random) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def by_sql(file: Path, dice: random.Random) -> None:
    """Rows that go, or hold what they should not; tables that go; another format."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(file, isolation_level=None)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        table = dice.choice(tables)
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        column = dice.choice(columns)
        value = dice.choice(["''", "'nonsense'", "x'00ff'", "-1", "99999999", "'{'", "'[]'", "'\ud800'"])
        line = dice.choice(
            [
                f"DROP TABLE {table}",
                f"DELETE FROM {table}",
                f'DELETE FROM {table} WHERE "{column}" IN (SELECT "{column}" FROM {table} LIMIT 1)',
                f'UPDATE OR IGNORE {table} SET "{column}" = {value}',
                f'UPDATE OR IGNORE {table} SET "{column}" = {value}',
                f'ALTER TABLE {table} RENAME COLUMN "{column}" TO other',
                f"PRAGMA user_version = {dice.choice([0, 2, 99, -1])}",
            ]
        )
        connection.execute("PRAGMA foreign_keys = OFF")
        with suppress(UnicodeError):
            connection.execute(line)


DAMAGES: dict[str, Damage] = {
    one.__name__: one
    for one in (
        overwritten,
        overwritten,
        flipped,
        cut,
        longer,
        emptied,
        lost,
        a_folder,
        a_circle,
        text,
        zeroed,
    )
}


def damaged_library(library: Path, dice: random.Random) -> str:
    """Damages one thing of a library and says what."""
    files = files_of(library)
    if dice.random() < 0.3:
        name = dice.choice(
            [one for one in files if one.endswith((".sqlite3", ".sqlite")) and "chroma" not in one]
        )
        by_sql(library / name, dice)
        return f"by_sql {name}"
    if dice.random() < 0.05:
        name = dice.choice(["index", "index/words", "originals"])
        shutil.rmtree(library / name)
        return f"lost {name}"
    weights = [0.2 if "originals" in one or "chroma" in one else 1.0 for one in files]
    name = dice.choices(files, weights)[0]
    kind = dice.choice(sorted(DAMAGES))
    DAMAGES[kind](library / name, dice)
    return f"{kind} {name}"


def damage(place: Path, count: int, seed: int) -> Tally:
    whole, path = place / "whole", place / "damaged"
    build(place, whole)
    record = next(row["id"] for row in json.loads(command(place, ["records", "--json", *at(whole)]).out))
    receipt = json.loads(command(place, ["ask", QUESTION, "--json", *at(whole)]).out)["receipt"]
    new = place / "new.txt"
    new.write_text(
        "证券代码：309001\n投资者关系活动记录表\n问：新的问题好吗？\n答：新的答复。\n", encoding="utf-8"
    )
    commands = {
        "ask": ["ask", QUESTION, "--json"],
        "records": ["records", "--json"],
        "show": ["show", record, "--json"],
        "companies": ["companies", "--json"],
        "replay": ["replay", receipt],
        "remove": ["remove", record],
        "ingest": ["ingest", str(new)],
        "doctor": ["doctor"],
    }
    expected = {
        name: command(place, [*line, *at(whole)]).out for name, line in commands.items() if name in SAME
    }
    tally, dice = Tally(), random.Random(seed)
    for number in range(count):
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(whole, path)
        what = damaged_library(path, dice)
        name = dice.choices(list(commands), [6, 2, 2, 1, 2, 2, 2, 2])[0]
        told = command(place, [*commands[name], *at(path)])
        tally.add(f"{number} {what}, {name}", told)
        if told.status == 0 and name in SAME and without_times(told.out) != without_times(expected[name]):
            tally.changed.append(f"{number} {what}, {name}")
    return tally


SAME = ("ask", "records", "show")


def without_times(out: str) -> Any:
    with suppress(ValueError):
        document = json.loads(out)
        if isinstance(document, dict):
            document.pop("timings_ms", None)
            document.pop("receipt", None)
        return document
    return out


def at(library: Path) -> list[str]:
    return ["--library", str(library)]


def build(place: Path, library: Path) -> None:
    """A library of a few fictional records, with everything that lies beside its catalogue."""
    records = place / "records"
    records.mkdir(exist_ok=True)
    for file in sorted((Path(__file__).parents[2] / "examples" / "records").glob("30900*"))[:3]:
        shutil.copy(file, records)
    ended = command(place, ["ingest", str(records), *at(library)])
    assert ended.status == 0, ended
    assert command(place, ["companies", "--alias", "309001=岚智", *at(library)]).status == 0
    assert command(place, ["ask", QUESTION, *at(library)]).status == 0


# ------------------------------------------------------------ hostile lines

VALUES = ("abc", "-1", "1e999")
NUMBERS = (
    "passage_tokens max_file_bytes max_pages max_seconds max_megabytes threads model_timeout model_deadline"
    " model_retries model_evidence_tokens model_answer_tokens local_threads local_context_tokens local_idle_seconds"
).split()


def lines(place: Path, count: int) -> Tally:
    whole = place / "whole"
    build(place, whole)
    odd = place / "odd"
    odd.mkdir(exist_ok=True)
    (odd / "a file").write_text("no folder")
    (odd / "empty.txt").write_bytes(b"")
    (odd / "noise.pdf").write_bytes(random.Random(1).randbytes(3000))
    (odd / "lines.jsonl").write_bytes(
        b'{"claim": 1}\n{"claim":"x","evidence":[1]}\nnonsense\n\xff\xfe\n[]\n' + b"[" * 90_000
    )
    with suppress(FileExistsError):
        os.mkfifo(odd / "pipe")
    long, half, bad = "甲" * 5000, "\udcff\udcfe", "\ud800"
    here = at(whole)
    tries: list[tuple[list[str], dict[str, str]]] = []
    for name in NUMBERS:
        tries += [
            (["records", *here], {f"JUPILU_{name}".upper(): value})
            for value in VALUES[: 3 if name != "local_idle_seconds" else 1]
        ]
    for name, value in [
        ("JUPILU_LIBRARY", ""),
        ("JUPILU_LIBRARY", long),
        ("JUPILU_LIBRARY", "/dev/null"),
        ("JUPILU_LIBRARY", half),
        ("JUPILU_MODELS_DIR", long),
        ("JUPILU_CHROMA_URL", "nonsense"),
        ("JUPILU_CHROMA_URL", "http://["),
        ("JUPILU_CHROMA_URL", "http://h:99999"),
        ("JUPILU_MODEL", "nobody:nothing"),
        ("JUPILU_MODEL", ":"),
        ("JUPILU_MODEL", long),
        ("JUPILU_MODEL_BASE_URL", "file:///etc"),
        ("JUPILU_EMBEDDING_MODEL", "no/such"),
        ("JUPILU_EMBEDDING_MODEL", ""),
        ("JUPILU_RERANKER_MODEL", "no/such"),
        ("JUPILU_WEB_USERS", "x"),
    ]:
        command_line = ["ask", QUESTION] if name != "JUPILU_WEB_USERS" else ["chat", "--port", "0"]
        tries.append(([*command_line, *([] if name == "JUPILU_LIBRARY" else here)], {name: value}))
    for question in (
        half,
        bad,
        long,
        long * 200,
        "",
        " ",
        "\x00",
        "\x1b[2J",
        "？" * 900,
        "a" * 4999,
        "=1+1",
        "<script>",
        "%s%n",
        "'; DROP TABLE records; --",
    ):
        tries.append((["ask", question, *here], {}))
        tries.append((["ask", QUESTION, "--json", "--company", question, *here], {}))
    for day in ("yesterday", "0000-00-00", "9999-12-31", "0001-01-01", "2025-02-30", half, ""):
        tries.append((["ask", QUESTION, "--as-of", day, *here], {}))
    for library in (
        long,
        "/dev/null",
        "/proc/self/mem",
        "/proc",
        str(odd / "a file"),
        str(odd / "none"),
        half,
        str(odd / "a file" / "x"),
        "\n",
    ):
        tries += [
            ([*one, "--library", library], {})
            for one in (["records"], ["ask", QUESTION], ["doctor", "--repair"])
        ]
        tries.append((["ingest", str(odd / "empty.txt"), "--library", library], {}))
    for name in (half, bad, "", "%", "_", "x" * 100_000, "../../etc/passwd", str(odd / "pipe")):
        tries += [([one, name, *here], {}) for one in ("show", "remove", "replay")]
    for file in ("empty.txt", "noise.pdf", "pipe", "a file", "none", "x" * 300):
        tries += [(["parse", str(odd / file), "--json"], {}), (["ingest", str(odd / file), *here], {})]
        tries.append((["check", "--claim", bad, "--evidence", str(odd / file)], {}))
    tries += [
        (["check", "--jsonl", str(odd / "lines.jsonl")], {}),
        (["check", "--jsonl", str(odd / "noise.pdf")], {}),
        (["companies", "--alias", "=", *here], {}),
        (["companies", "--alias", f"309001={bad}", *here], {}),
        (["chat", "--port", "99999", *here], {}),
        (["chat", "--host", "nonsense.invalid", *here], {}),
        (["chat", "--share", "yes", "--port", "0", *here], {}),
        (["eval", "retrieval", "--beir", str(odd)], {}),
        ([half], {}),
        (["--nonsense"], {}),
    ]
    tally = Tally()
    step = max(1, len(tries) // count) if count else 1
    for number, (arguments, environment) in list(enumerate(tries))[::step]:
        shown = (
            " ".join(one[:40] for one in arguments[:3])
            + " "
            + " ".join(f"{k}={v[:20]}" for k, v in environment.items())
        )
        tally.add(f"{number} {shown!a}", command(place, arguments, environment))
    return tally


def main() -> None:
    import ingest.pipeline.ingesting  # noqa: F401  # once, before the forks
    import rag.disclosure_qa  # noqa: F401
    import ui.cli  # noqa: F401

    os.environ |= {"JUPILU_MODEL": "none", "HF_HUB_OFFLINE": "1"}
    place, what, *numbers = sys.argv[1:]
    os.chdir(place)  # some lines name odd folders
    given = [int(one) for one in numbers]
    tally = damage(Path(place), *given) if what == "damage" else lines(Path(place), *given)
    print(json.dumps(tally.__dict__, ensure_ascii=True, indent=1))


if __name__ == "__main__":
    main()
