"""The process that opens workbooks: `python -m servicekit.sheets.workbook MOST < workbook > rows.json`.

What it reads may have been made to fill the memory or to turn for ever; it can take 512 MB, 5 seconds of CPU and
no file, then it dies and the service answers that the workbook cannot be read.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Final

_MEMORY: Final = 512 * 1024 * 1024
_CPU_SECONDS: Final = 5

CellValue = int | float | str | bool | time | date | datetime | timedelta


def as_text(value: CellValue) -> str:
    """Return a cell as somebody would have typed it; a number that is whole has no decimals."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def main() -> None:
    """Read the first sheet of the workbook on the standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    content = sys.stdin.buffer.read()
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - a library is a file, and none may be opened after

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    most, filled = int(sys.argv[1]), 0
    # Empty rows above the first one are not given, and lines would be told by another number than people see.
    rows: list[list[str]] = [[] for _ in range(sheet.start[0] if sheet.start else 0)]
    for row in sheet.iter_rows():
        cells = [as_text(cell) for cell in row]
        rows.append(cells)
        filled += any(cells)
        if filled > most:
            break
    sys.stdout.write(json.dumps(rows))


if __name__ == "__main__":
    main()
