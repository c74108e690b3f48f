"""The orientation as it is answered: the words of the table, with the regional body that is competent in them."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from referrals_service.orientation.engine import Answered, Walk, known_after, most_left
from referrals_service.orientation.schemas import (
    AcceptedMotiveOut,
    AlsoOut,
    AnsweredOut,
    ChoiceOut,
    DestinationOut,
    OrientationAnswer,
    Outcome,
    QuestionOut,
    RefusedMotiveOut,
    SocialServiceMotives,
    StepOut,
)
from referrals_service.orientation.table import Destination, Question, Row, Table, departments
from referrals_service.requests.caisse_calendar import calendar_of

_PLACE = "{social_service}"


def orientation(table: Table, facts: Mapping[str, str], found: Walk, caisse: str) -> OrientationAnswer:
    """Return where a walk stands, as a caller of `caisse` is told."""
    return OrientationAnswer(
        version=table.version,
        path=[_answered(one) for one in found.path],
        question=question(found.question) if found.question else None,
        outcome=_outcome(table, found, found.row, caisse) if found.row else None,
        most_left=most_left(table, known_after(found.path, facts)),
    )


def motives(table: Table, caisse: str) -> SocialServiceMotives:
    """Return what the social service of `caisse` takes on and what it does not (SS-03, SS-04, SS-05)."""
    competent = _social_service_of(caisse)
    return SocialServiceMotives(
        accepted=[AcceptedMotiveOut(code=one.code, label=one.label) for one in table.accepted_motives],
        refused=[
            RefusedMotiveOut(
                code=one.code,
                label=one.label,
                destination=_destination(table.destination_by_code[one.to], competent),
                goes_on=one.goes_on,
                rules=one.rules,
            )
            for one in table.refused_motives
        ],
    )


def question(asked: Question) -> QuestionOut:
    """Return a question with the answers that may be given to it."""
    choices = (
        [ChoiceOut(code=code, label=f"{name} ({code})", help=None) for code, name in departments().items()]
        if asked.departments
        else [ChoiceOut(code=one.code, label=one.label, help=one.help) for one in asked.choices]
    )
    return QuestionOut(
        code=asked.code, text=asked.text, help=asked.help, departments=asked.departments, choices=choices
    )


def _answered(one: Answered) -> AnsweredOut:
    labels = {choice.code: choice.label for choice in one.question.choices}
    label = departments()[one.answer] if one.question.departments else labels[one.choice]
    return AnsweredOut(question=one.question.code, text=one.question.text, answer=one.answer, label=label)


def _outcome(table: Table, found: Walk, row: Row, caisse: str) -> Outcome:
    given = {one.question.code: one.answer for one in found.path}
    lives_in = next((one.answer for one in found.path if one.question.departments), None)
    competent = _social_service_in(lives_in) if lives_in else _social_service_of(caisse)
    return Outcome(
        id=row.id,
        destination=_destination(table.destination_by_code[row.to], competent),
        step=StepOut(kind=row.step, fills={name: _filled(value, given) for name, value in row.fills.items()}),
        reason=row.reason,
        also=[AlsoOut(kind=one.step, text=one.text) for one in row.also],
        self_service=row.self_service,
        rules=row.rules,
    )


def _filled(value: str, given: Mapping[str, str]) -> str:
    return given[value[1:]] if value.startswith("$") else value


def _destination(one: Destination, competent: str) -> DestinationOut:
    return DestinationOut(
        code=one.code,
        name=one.name.replace(_PLACE, competent),
        who=one.who.replace(_PLACE, competent),
        does=one.does,
        outside=one.outside,
    )


@cache
def _names() -> Mapping[str, str]:
    with (files("referrals_service") / "data/body_names.csv").open(encoding="utf-8") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


@cache
def _social_services() -> Mapping[str, str]:
    with (files("referrals_service") / "data/bodies.csv").open(encoding="utf-8") as lines:
        return {row["department"]: row["social_service"] for row in csv.DictReader(lines) if row["social_service"]}


def _social_service_in(department: str) -> str:
    """Return the name of the body competent where somebody lives (PDP-04)."""
    return _names()[_social_services()[department]]


def _social_service_of(caisse: str) -> str:
    """Return the name of the body that carries the social service of a caisse; of a regional body, its own."""
    return _names()[calendar_of(caisse).social_service or caisse]
