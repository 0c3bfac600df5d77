"""Whether the names of our packages stand in the way of what else is installed.

    python -m eval.studies.neighbours [--folder SITE_PACKAGES ...]

`eval`, `ingest`, `rag` and `ui` are top-level names. Prints one JSON document: which other distributions install under
the same names, which files two distributions both claim, and which installed modules import one of the names.
docs/ecosystem.md has the finding.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePosixPath

OURS = ("eval", "ingest", "rag", "ui")
_MENTIONS = re.compile(rf"^[ \t]*(?:from|import)[ \t][^\n#]*\b(?:{'|'.join(OURS)})\b", re.M)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; status 1 where something clashes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", action="append", type=Path, help="instead of this interpreter's")
    folders = parser.parse_args(arguments).folder or [Path(sysconfig.get_path("purelib"))]
    installed = list(distributions(path=list(map(str, folders))))
    report = {
        "distributions": len(installed),
        "under_our_names": under_our_names(installed),
        "claimed_twice": claimed_twice(installed),
        **_imports(folders),
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))
    clashes = report["under_our_names"] or report["claimed_twice"] or report["imports_of_our_names"]
    return 1 if clashes else 0


def under_our_names(installed: Sequence[Distribution]) -> dict[str, list[str]]:
    """Other distributions that install files under one of our names, each with the first of these files."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in installed:
        if _name(one) == "jupilu":
            continue
        for file in one.files or ():
            top = PurePosixPath(str(file)).parts[0]
            if top.removesuffix(".py") in OURS and _name(one) not in found[top]:
                found[top].append(_name(one))
    return {name: names for name, names in found.items() if names}


def claimed_twice(installed: Sequence[Distribution]) -> list[str]:
    """Files of ours that the RECORD of another distribution lists as well."""
    owners: dict[str, set[str]] = defaultdict(set)
    for one in installed:
        for file in one.files or ():
            owners[str(file)].add(_name(one))
    return sorted(
        f"{file}: {', '.join(sorted(names))}"
        for file, names in owners.items()
        if "jupilu" in names and len(names) > 1
    )


def absolute_imports(source: str) -> set[str]:
    """Our names that a module imports from the top level."""
    if not _MENTIONS.search(source):
        return set()
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found & set(OURS)


def _imports(folders: Sequence[Path]) -> dict[str, object]:
    found: list[str] = []
    unread: list[str] = []
    modules = 0
    for file, place in _modules(folders):
        modules += 1
        try:
            names = absolute_imports(file.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeError, ValueError, RecursionError) as error:
            unread.append(f"{place}: {type(error).__name__}")
            continue
        if names:
            found.append(f"{place}: {', '.join(sorted(names))}")
    return {"modules_read": modules, "imports_of_our_names": found, "modules_not_python": unread}


def _modules(folders: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """The installed modules but our own."""
    for folder in folders:
        for file in sorted(folder.rglob("*.py")):
            place = file.relative_to(folder)
            if place.parts[0] not in OURS and file.is_file():
                yield file, str(place)


def _name(one: Distribution) -> str:
    return str(one.metadata["Name"]).lower().replace("_", "-")


if __name__ == "__main__":
    sys.exit(main())
