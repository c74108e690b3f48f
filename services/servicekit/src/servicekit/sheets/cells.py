"""Cells that a spreadsheet would take for a formula are written as text, and read back as they were (T19). Pure."""

from typing import Final

_TRIGGERS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK: Final = "'"


def guarded(text: str) -> str:
    """Return a text that no spreadsheet computes, whatever was typed in it.

    The mark stands before the first visible character too: some spreadsheets skip blanks before a formula.
    """
    return _MARK + text if text.lstrip(" \xa0\u202f").startswith(_TRIGGERS) or text.startswith(_TRIGGERS) else text


def unguarded(text: str) -> str:
    """Return a text as it was before `guarded`."""
    return text[1:] if text.startswith(_MARK) and guarded(text[1:]) == text else text
