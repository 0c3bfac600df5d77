"""How the house stands: lines, import circles, long functions and files, patterns and word lists in code, tests.

    python -m eval.studies.house [ROOT] [--names]

Counts physical lines. `--names` tells which modules are meant. A word list is a literal of five or more Chinese strings, or
one string of five or more Chinese words split or joined by bars; a pattern is a literal given to `re`.
"""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

PACKAGES = ("ingest", "rag", "eval", "ui")
OUT_OF_THE_WHEEL = ("eval.studies", "eval.benchmarks", "eval.fold_models")
FILE_LINES, FUNCTION_LINES, FUNCTION_LINES_AT_MOST, WORDS = 400, 60, 80, 5
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Module:
    """A Python file: its dotted name and its text."""

    name: str
    text: str

    @cached_property
    def lines(self) -> int:
        return self.text.count("\n")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[tuple[int, str]]:
        """Lines and name of each function."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{self.name}.{node.name}"

    def imports(self) -> Iterator[str]:
        """Dotted names that are imported, wherever in the file."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))

    def patterns(self) -> int:
        """Calls of `re` with a literal."""
        return sum(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and bool(node.args)
            and isinstance(node.args[0], ast.Constant | ast.JoinedStr | ast.BinOp)
            for node in ast.walk(self.tree)
        )

    def word_lists(self) -> int:
        """Literals that are lists of Chinese words."""
        return sum(map(_is_word_list, ast.walk(self.tree)))


def _is_word_list(node: ast.AST) -> bool:
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        strings = [one.value for one in node.elts if isinstance(one, ast.Constant)]
        return len(strings) >= WORDS and all(isinstance(one, str) and _CHINESE.search(one) for one in strings)
    if isinstance(node, ast.Dict):
        keys = [one.value for one in node.keys if isinstance(one, ast.Constant)]
        return len(keys) >= WORDS and all(isinstance(one, str) and _CHINESE.search(one) for one in keys)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = re.split(r"[|\s]+", node.value)
        return len(words) >= WORDS and sum(bool(_CHINESE.match(word)) for word in words) >= 0.8 * len(words)
    return False


def modules(root: Path, package: str) -> list[Module]:
    """Every module of a package, by name."""
    return [
        Module(".".join(path.relative_to(root).with_suffix("").parts), path.read_text(encoding="utf-8"))
        for path in sorted((root / package).rglob("*.py"))
    ]


def circles(found: Sequence[Module]) -> list[list[str]]:
    """Modules that import each other, however far around; imports inside functions count, those for types alone too."""
    names = {module.name.removesuffix(".__init__") for module in found}
    reached: dict[str, set[str]] = {
        module.name.removesuffix(".__init__"): set(module.imports()) & names - {module.name}
        for module in found
    }
    for middle in names:  # Warshall's closure: a few hundred modules
        for name in names:
            if middle in reached[name]:
                reached[name] |= reached[middle]
    rings = {frozenset(other for other in reached[name] if name in reached[other]) for name in names}
    return sorted(sorted(ring) for ring in rings if ring)


def told(root: Path) -> Iterator[tuple[str, Sequence[str]]]:
    """Each figure as a line, and the names behind it."""
    found = {package: modules(root, package) for package in (*PACKAGES, "tests")}
    code = list(chain.from_iterable(found[package] for package in PACKAGES))
    wheel = [module for module in code if not module.name.startswith(OUT_OF_THE_WHEEL)]
    kept_out = [module for module in code if module.name.startswith(OUT_OF_THE_WHEEL)]
    for what, group in (("wheel", wheel), ("studies", kept_out), ("tests", found["tests"])):
        yield f"{what}: {len(group)} files, {sum(module.lines for module in group):,} lines", ()
    for package in PACKAGES:
        inside = [module for module in wheel if module.name.startswith(package + ".")]
        yield f"  {package} in the wheel: {len(inside)} files, {sum(one.lines for one in inside):,} lines", ()
    rings = circles(code)
    yield f"import circles: {len(rings)}", [" ".join(ring) for ring in rings]
    functions = sorted(chain.from_iterable(module.functions() for module in code), reverse=True)
    yield f"longest function: {functions[0][0]} lines, {functions[0][1]}", ()
    for bar in (FUNCTION_LINES, FUNCTION_LINES_AT_MOST):
        long = [f"{lines} {name}" for lines, name in functions if lines > bar]
        yield f"functions over {bar} lines: {len(long)}", long
    large = [f"{module.lines} {module.name}" for module in code if module.lines > FILE_LINES]
    yield f"files over {FILE_LINES} lines: {len(large)}", large
    patterns = {module.name: module.patterns() for module in wheel}
    yield (
        f"patterns in the wheel: {sum(patterns.values())}",
        [f"{n} {name}" for name, n in patterns.items() if n],
    )
    words = {module.name: module.word_lists() for module in wheel}
    yield f"word lists in the wheel: {sum(words.values())}", [f"{n} {name}" for name, n in words.items() if n]
    tried = set(chain.from_iterable(module.imports() for module in found["tests"]))
    untried = [m.name for m in wheel if m.lines > 1 and m.name.removesuffix(".__init__") not in tried]
    yield f"modules of the wheel that no test imports: {len(untried)}", untried


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.house")
    parser.add_argument("root", type=Path, nargs="?", default=Path(__file__).resolve().parents[2])
    parser.add_argument("--names", action="store_true")
    options = parser.parse_args(arguments)
    for line, names in told(options.root):
        print(line)
        for name in names if options.names else ():
            print(f"    {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
