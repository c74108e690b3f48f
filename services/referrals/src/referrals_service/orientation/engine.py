"""How the table is read: pure, stateless. The first row whose conditions all hold is the answer.

What is asked next is what the first row still possible needs to know, in the order of the questions. As no row may
admit every answer to a question (`soundness`), each question that is asked can change the outcome.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from referrals_service.orientation.table import Answers, Question, Row, Table, version_of


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that was asked on the way, what was answered, and the choice of the table that this is."""

    question: Question
    answer: str
    choice: str


@dataclass(frozen=True, slots=True)
class Walk:
    """Where answers lead: the questions that counted, then either the next one or the row that is the answer."""

    path: Sequence[Answered]
    question: Question | None
    row: Row | None


class NoSuchAnswer(ValueError):
    """`code` is no question of the table, or what was answered is none of its choices."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check(table: Table, answers: Answers) -> None:
    """Raise `NoSuchAnswer` for what the table does not ask; an answer that is not needed is no mistake."""
    for code, answer in answers.items():
        question = table.question_by_code.get(code)
        if question is None or question.choice_of(answer) is None:
            raise NoSuchAnswer(code)


def walk(table: Table, facts: Mapping[str, str], answers: Answers) -> Walk:
    """Follow `answers` from the first question; those to questions that are not asked on this way do not count."""
    known = dict(facts)
    path: list[Answered] = []
    while True:
        row, question = next_of(table, known)
        if question is None:
            return Walk(path, None, row)
        answer = answers.get(question.code)
        choice = question.choice_of(answer) if answer is not None else None
        if answer is None or choice is None:
            return Walk(path, question, None)
        known[question.code] = choice
        path.append(Answered(question, answer, choice))


def next_of(table: Table, known: Mapping[str, str]) -> tuple[Row, Question | None]:
    """Return the first row that `known` (choices and facts) does not exclude, and what it still needs to know."""
    row = next(r for r in table.rows if all(known.get(code) in (None, *wanted) for code, wanted in r.when.items()))
    missing = (question for question in table.questions if question.code in row.when and question.code not in known)
    return row, next(missing, None)


def most_left(table: Table, known: Mapping[str, str]) -> int:
    """Return how many questions may still be asked, at most."""
    return _most_left(table.version, tuple(sorted(known.items())))


@cache  # the tree is finite, and its root alone has a thousand nodes under it
def _most_left(version: str, known: tuple[tuple[str, str], ...]) -> int:
    table, so_far = version_of(version), dict(known)
    _, question = next_of(table, so_far)
    if question is None:
        return 0
    return 1 + max(most_left(table, so_far | {question.code: choice.code}) for choice in question.choices)


def known_after(path: Sequence[Answered], facts: Mapping[str, str]) -> dict[str, str]:
    """Return what is known at the end of a path."""
    return dict(facts) | {answered.question.code: answered.choice for answered in path}
