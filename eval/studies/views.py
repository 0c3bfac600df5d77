"""The views measured on real records: `python -m eval.studies.views NAME [--library DIR] …`, each NAME a module of `eval`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence


def _listing(arguments: Sequence[str]) -> int:
    from eval.studies.listing import main

    return main(arguments)


VIEWS: Mapping[str, Callable[[Sequence[str]], int]] = {"listing": _listing}


def main(arguments: Sequence[str]) -> int:
    """Measure one view; the rest of the arguments is its own."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.views", description=__doc__, add_help=False)
    parser.add_argument("view", choices=sorted(VIEWS))
    chosen, rest = parser.parse_known_args(arguments)
    return VIEWS[chosen.view](rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
