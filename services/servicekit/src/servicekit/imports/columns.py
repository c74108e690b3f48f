"""The columns of an import: declared once, with their French headings, over the model that the API itself takes.

    LAYOUT = Layout(StructureIn, (
        Column("name", "Nom", aliases=("Structure",), required=True, example="CCAS de Muret"),
        Column("address.postcode", "Code postal", digits=5, example="31600"),
    ))

A cell is put where its column's `path` leads and the model checks the whole, as it checks a request.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from servicekit.errors import DomainError, Invalid
from servicekit.problems import message_of
from servicekit.sheets.reading import Line

_FRENCH_DAY: Final = "%d/%m/%Y"

ModelT = TypeVar("ModelT", bound=BaseModel)
CodeT = TypeVar("CodeT", bound=str)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; `column` is the heading concerned, None for the row itself. Quotes no cell."""

    column: str | None
    message: str

    def as_json(self) -> dict[str, str | None]:
        """Return it as it is kept and shown."""
        return {"column": self.column, "message": self.message}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `digits` gives back the zeros that spreadsheets take away from the front of numbers."""

    path: str
    heading: str
    aliases: tuple[str, ...] = ()
    required: bool = False
    example: str = ""
    digits: int | None = None
    read: Callable[[str], Any] = str

    @property
    def keys(self) -> frozenset[str]:
        """Return under which names the column is recognised."""
        return frozenset(plain(name) for name in (self.heading, *self.aliases))

    def value(self, cell: str) -> Any:
        """Return what a cell means; ValueError in French when it means nothing."""
        if self.digits is not None and cell.isascii() and cell.isdigit():
            cell = cell.zfill(self.digits)
        return self.read(cell)


class MissingColumns(Invalid):
    """The file lacks columns without which no row can be read."""

    slug = "missing-columns"
    title = "Colonnes manquantes"


@dataclass(frozen=True, slots=True)
class Matched:
    """Which column each cell of a row belongs to; None for those that are ignored."""

    columns: tuple[Column | None, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout(Generic[ModelT]):
    """The columns of an import and the model of a row."""

    model: type[ModelT]
    columns: tuple[Column, ...]
    _by_path: Mapping[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        """Index the columns; two may not answer to one name."""
        names = [key for column in self.columns for key in column.keys]
        if len(names) != len(set(names)):
            raise ValueError("two columns of an import have a name in common")
        object.__setattr__(self, "_by_path", {column.path: column for column in self.columns})

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings in their order."""
        return tuple(column.heading for column in self.columns)

    def match(self, headings: Line) -> Matched:
        """Recognise the columns of a file. Raises `MissingColumns`."""
        by_key = {key: column for column in self.columns for key in column.keys}
        found: list[Column | None] = []
        ignored = []
        for heading in headings.cells:
            column = by_key.get(plain(heading))
            if column is None or column in found:
                column = None
                if heading:
                    ignored.append(heading[:60])
            found.append(column)
        absent = [column.heading for column in self.columns if column.required and column not in found]
        if absent:
            raise MissingColumns(
                "Ce fichier n'a pas toutes les colonnes attendues. Partez du modèle proposé, ou renommez les colonnes.",
                columns=list(absent),
            )
        return Matched(tuple(found), tuple(ignored))

    def cells(self, matched: Matched, line: Line) -> dict[str, str]:
        """Return the cells of a row by path, the empty ones left out."""
        return {
            column.path: cell
            for column, cell in zip(matched.columns, line.cells, strict=False)
            if column is not None and cell
        }

    def check(self, cells: Mapping[str, str]) -> tuple[ModelT | None, list[Problem]]:
        """Return what a row says, or everything that is wrong with it."""
        problems: list[Problem] = []
        given: dict[str, Any] = {}
        for path, cell in cells.items():
            column = self._by_path.get(path)
            if column is None:
                continue
            try:
                _put(given, path.split("."), column.value(cell))
            except ValueError as error:
                problems.append(Problem(column.heading, str(error)))
        faulty = {problem.column for problem in problems}
        try:
            read = self.model.model_validate(given)
        except ValidationError as error:
            found = [Problem(self.heading(".".join(map(str, e["loc"]))), message_of(e)) for e in error.errors()]
            # A cell that meant nothing is absent from what was checked: it is not missing as well.
            problems += [problem for problem in dict.fromkeys(found) if problem.column not in faulty]
        else:
            if not problems:
                return read, []
        return None, problems

    def of_refusal(self, refusal: DomainError) -> list[Problem]:
        """Return a refusal of the domain as problems of the row."""
        errors = refusal.extra.get("errors")
        if not isinstance(errors, list) or not errors:
            return [Problem(None, refusal.detail)]
        return [
            Problem(self.heading(str(error["field"])), str(error["message"]))
            for error in errors
            if isinstance(error, dict)
        ]

    def heading(self, path: str) -> str | None:
        """Return the heading of the column that an error at `path` is about, or of the first one below it."""
        while path:
            below = (column for column in self.columns if f"{column.path}.".startswith(f"{path}."))
            found = self._by_path.get(path) or next(below, None)
            if found is not None:
                return found.heading
            path = path.rpartition(".")[0]
        return None


def _put(into: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for part in path[:-1]:
        into = into.setdefault(part, {})
    into[path[-1]] = value


def plain(name: str) -> str:
    """Return a heading without accents, case or punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))


def day(cell: str) -> date:
    """Read a day as people write it (`12/03/2026`), or as a spreadsheet gives it."""
    text = cell.strip()
    for form in (_FRENCH_DAY, "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError("Indiquez une date comme 12/03/2026.")


def yes_or_no(cell: str) -> bool:
    """Read an answer."""
    answers = {"oui": True, "o": True, "x": True, "vrai": True, "1": True, "non": False, "n": False, "0": False}
    answer = answers.get(plain(cell), {"faux": False}.get(plain(cell)))
    if answer is None:
        raise ValueError("Répondez par oui ou par non.")
    return answer


def code(labels: Mapping[CodeT, str]) -> Callable[[str], str]:
    """Return how a label of a closed list, or its code, is read; `labels` are French labels by code."""
    known = {plain(label): str(value) for value, label in labels.items()} | {plain(str(v)): str(v) for v in labels}

    def read(cell: str) -> str:
        found = known.get(plain(cell))
        if found is None:
            some = ", ".join(list(labels.values())[:6])
            raise ValueError(f"Cette valeur n'est pas dans la liste ({some}…). Reprenez un libellé du modèle.")
        return found

    return read


def codes(labels: Mapping[CodeT, str]) -> Callable[[str], list[str]]:
    """Return how several labels of a closed list are read, separated by `|`, `/` or `;`."""
    one = code(labels)

    def read(cell: str) -> list[str]:
        return [one(part) for part in re.split(r"[|;/\n]", cell) if part.strip()]

    return read
