"""The decision table: questions, rows, destinations and the motives of the social service, in dated versions.

A version is a folder of `data/orientation` with the day from which it holds, its source and its legal basis.
Each row names its rules (`rules.yaml`) and the examples that reach it.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from referrals_service.orientation.codes import NextStep, Origin, RefusedMotive
from servicekit.letters.typography import set_text

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=40)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-\d{2}$")]
French = Annotated[
    str, StringConstraints(min_length=2, max_length=400), AfterValidator(lambda text: set_text(text, "fr"))
]
"""What people read, typed plainly and set with French spaces."""

Answers = Mapping[str, str]
"""Codes of choices by codes of questions, and of facts; a department's code where a department is asked for."""

_PARTS: Final = ("table", "questions", "destinations", "rows")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Part):
    """One answer to a question; of a question about departments, those it gathers (none: all the others)."""

    code: Code
    label: French
    help: French | None = None
    departments: tuple[str, ...] = ()


class Question(_Part):
    """A plain question, with its answers."""

    code: Code
    text: French
    help: French | None = None
    departments: bool = False
    choices: tuple[Choice, ...]

    @cached_property
    def codes(self) -> frozenset[str]:
        """Return the codes that rows may name."""
        return frozenset(choice.code for choice in self.choices)

    def choice_of(self, answer: str) -> str | None:
        """Return the code of the choice that was answered, None for what is no answer to this question."""
        if self.departments:
            if answer not in departments():
                return None
            gathers = (choice for choice in self.choices if answer in choice.departments or not choice.departments)
            return next(gathers).code
        return answer if answer in self.codes else None


class Fact(_Part):
    """What the portal knows and does not ask."""

    code: Code
    values: tuple[Code, ...]


class Destination(_Part):
    """Who takes it: who that is, and how to reach a body outside the caisse."""

    code: Code
    name: French
    who: French
    does: French | None = None
    outside: bool = False


class Also(_Part):
    """Something to do beside the next step."""

    step: NextStep
    text: French


class Row(_Part):
    """Conditions, all of which must hold, and the answer they lead to.

    `fills` are codes with which the form of the request may be opened; `$x` stands for the answer to question x.
    """

    id: Code
    when: Mapping[Code, frozenset[Code]]
    to: Code
    step: NextStep
    fills: Mapping[Code, str] = Field(default_factory=dict)
    reason: French
    also: tuple[Also, ...] = ()
    self_service: French | None = None
    rules: Annotated[tuple[RuleId, ...], Field(min_length=1)]
    origin: Origin = Origin.SOURCE
    legal_basis: str | None = None
    examples: Annotated[tuple[Mapping[Code, str], ...], Field(min_length=1)]


class AcceptedMotive(_Part):
    """A motive that the social service takes on (SS-03, SS-04)."""

    code: Code
    label: French
    rules: tuple[RuleId, ...]


class RefusedMotiveLine(_Part):
    """A motive that it does not take (SS-05), who does, and from which answers the orientation goes on."""

    code: RefusedMotive
    label: French
    to: Code
    goes_on: Mapping[Code, str]
    rules: tuple[RuleId, ...]


class Table(_Part):
    """One version of the whole."""

    version: str
    valid_from: date
    source: str
    legal_basis: str
    longest: Annotated[int, Field(ge=1, le=6)]
    facts: tuple[Fact, ...]
    questions: tuple[Question, ...]
    destinations: tuple[Destination, ...]
    rows: tuple[Row, ...]
    accepted_motives: tuple[AcceptedMotive, ...]
    refused_motives: tuple[RefusedMotiveLine, ...]

    @cached_property
    def question_by_code(self) -> Mapping[str, Question]:
        """Return the questions by code, in the order in which they are asked."""
        return {question.code: question for question in self.questions}

    @cached_property
    def destination_by_code(self) -> Mapping[str, Destination]:
        """Return the destinations by code."""
        return {destination.code: destination for destination in self.destinations}

    @cached_property
    def refused_by_code(self) -> Mapping[RefusedMotive, RefusedMotiveLine]:
        """Return the refused motives by code."""
        return {line.code: line for line in self.refused_motives}


@cache
def departments() -> Mapping[str, str]:
    """Return the names of the departments by code."""
    with (files("referrals_service") / "data/department_names.csv").open(encoding="utf-8") as lines:
        next(lines)
        return dict(line.rstrip("\n").split(",", 1) for line in lines)


def read(folder: Traversable) -> Table:
    """Read one version; ValueError for what is not written as a table is."""
    content: dict[str, Any] = {}
    for part in _PARTS:
        content |= tomllib.loads((folder / f"{part}.toml").read_text(encoding="utf-8"))
    return Table.model_validate(content)


@cache
def tables() -> tuple[Table, ...]:
    """Return every version, oldest first."""
    versions = (files("referrals_service") / "data/orientation").iterdir()
    return tuple(sorted((read(folder) for folder in versions if folder.is_dir()), key=lambda t: t.valid_from))


def version_of(version: str) -> Table:
    """Return a version by its name; StopIteration for a name that is none."""
    return next(table for table in tables() if table.version == version)


def current_table(day: date) -> Table:
    """Return the version in force on `day`; the first one for a day before all."""
    in_force = [table for table in tables() if table.valid_from <= day]
    return in_force[-1] if in_force else tables()[0]
