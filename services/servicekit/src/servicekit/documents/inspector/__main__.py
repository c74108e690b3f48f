"""The process: bind it first, then look."""

import os
import resource
import sys
from collections.abc import Callable
from typing import Final, NoReturn

from servicekit.documents.inspector.bounds import Bounds, Unfit
from servicekit.documents.refusals import Reason, exit_status

INPUT: Final = 0
OUTPUT: Final = 1


def main(arguments: list[str]) -> NoReturn:
    """Inspect standard input as `arguments[0]` and end with the verdict."""
    kind, *numbers = arguments
    bounds = Bounds(*map(int, numbers))
    _limit(resource.RLIMIT_CPU, bounds.cpu_seconds)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, bounds.output_bytes)
    rebuild = _rebuilder(kind)
    # After the libraries are loaded: no file, no socket, no process, no thread from here on.
    _limit(resource.RLIMIT_AS, bounds.memory_bytes)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_NOFILE, 3)
    try:
        content = _everything()
        _write(rebuild(content, bounds))
    except Unfit as unfit:
        _end(exit_status(unfit.reason))
    except (MemoryError, RecursionError):
        _end(exit_status(Reason.TOO_COMPLEX))
    except BaseException:  # noqa: BLE001 - process boundary: whatever a parser raises, the file is not readable
        _end(exit_status(Reason.UNREADABLE))
    _end(0)


def _rebuilder(kind: str) -> Callable[[bytes, Bounds], bytes]:
    if kind == "application/pdf":
        from servicekit.documents.inspector import pdf  # noqa: PLC0415 - each process loads one parser

        return pdf.rebuild
    from servicekit.documents.inspector import image  # noqa: PLC0415 - as above

    return image.rebuilder(kind)


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _everything() -> bytes:
    with os.fdopen(INPUT, "rb", closefd=False) as source:
        source.seek(0)
        return source.read()


def _write(content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(OUTPUT, view) :]


def _end(status: int) -> NoReturn:
    # Destructors of half-parsed files are no business of ours.
    os._exit(status)


if __name__ == "__main__":
    main(sys.argv[1:])
