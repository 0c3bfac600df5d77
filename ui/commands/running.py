"""How a command ends: whatever goes wrong is one line on stderr and an exit status, never a traceback."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from ingest.errors import JupiluError, SettingsInvalid

DONE, IN_PART, USAGE, CANNOT = 0, 1, 2, 3
TRACEBACK = "JUPILU_TRACEBACK"
"""Set in the environment, it shows where an error came from."""


def run(app: Callable[[], Any]) -> None:
    """Calls a typer app and ends the process.

    Exit status 2 for a setting that can't be, 3 for all else that has a name. An error without one is a fault
    of Jupilu: that is said, with its kind.

    Args:
        app: parses `sys.argv`; raises SystemExit when it is done.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):  # what a program puts in their place may be no text file
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        try:
            app()
        except SystemExit as ended:
            sys.stdout.flush()
            raise ended
    except SettingsInvalid as error:
        _end(str(error), USAGE)
    except JupiluError as error:
        _end(str(error), CANNOT)
    except BrokenPipeError:
        _let_go_of_output()
        sys.exit(DONE)
    except OSError as error:
        from ingest.library.damage import of_disk

        _let_go_of_output()
        _end(str(of_disk(error, Path("the output"))), CANNOT)
    except sqlite3.Error as error:
        _end(f"a database cannot be used ({error}): jupilu doctor tells which", CANNOT)
    except KeyboardInterrupt:
        _end("ended; what was ready is kept", 130)
    except MemoryError:
        _end("there is not enough memory: end other programs and run again", CANNOT)
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        told = " ".join(str(error).split())[:200]
        _end(
            f"an error of Jupilu itself ({type(error).__name__}: {told}); please report it ({TRACEBACK}=1 shows where)",
            CANNOT,
        )


def _end(line: str, status: int) -> NoReturn:
    with suppress(OSError):
        print(f"jupilu: {' '.join(line.split())}", file=sys.stderr, flush=True)
    with suppress(OSError):
        sys.stdout.flush()
    sys.exit(status)


def _let_go_of_output() -> None:
    """What can't be written is dropped, so that the interpreter does not try again when it ends."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
