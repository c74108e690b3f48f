"""What must be true of a table before it answers anybody: checked when the service starts, on the whole tree."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from referrals_service.orientation.codes import RefusedMotive, Territory, UrgentDoor
from referrals_service.orientation.engine import NoSuchAnswer, check, known_after, next_of, walk
from referrals_service.orientation.table import Row, Table, tables

FACTS: Mapping[str, frozenset[str]] = {
    "urgent_door": frozenset(UrgentDoor),
    "territory": frozenset(Territory),
}
"""What the service tells the engine by itself."""


class UnsoundTable(ValueError):
    """A version of the table does not hold together; the service does not start with it."""


@dataclass(frozen=True, slots=True)
class End:
    """One way through the tree: what was asked in order, and the row at the end."""

    asked: tuple[str, ...]
    row: Row


def ends(table: Table, known: Mapping[str, str], asked: tuple[str, ...] = ()) -> Iterator[End]:
    """Walk every way through the tree that begins with `known`."""
    row, question = next_of(table, known)
    if question is None:
        yield End(asked, row)
        return
    for choice in question.choices:
        yield from ends(table, {**known, question.code: choice.code}, (*asked, question.code))


def facts_of(table: Table) -> Iterator[dict[str, str]]:
    """Return every state of what the portal knows by itself."""
    for values in product(*(fact.values for fact in table.facts)):
        yield dict(zip((fact.code for fact in table.facts), values, strict=True))


def require_sound() -> None:
    """Check every version; raise `UnsoundTable` on the first fault."""
    for table in tables():
        faults = [*_names(table), *_conditions(table)]
        # The tree can only be walked once every condition names something.
        faults = faults or [*_tree(table), *_examples(table), *_motives(table)]
        if faults:
            raise UnsoundTable(f"orientation {table.version}: {'; '.join(faults)}")


def _names(table: Table) -> Iterator[str]:
    codes = {
        "question or fact": [*(q.code for q in table.questions), *(f.code for f in table.facts)],
        "row": [row.id for row in table.rows],
        "destination": [destination.code for destination in table.destinations],
        "accepted motive": [motive.code for motive in table.accepted_motives],
        **{f"choice of {q.code}": [choice.code for choice in q.choices] for q in table.questions},
    }
    for what, names in codes.items():
        yield from (f"{what} {name} twice" for name in _twice(names))
    if {fact.code: frozenset(fact.values) for fact in table.facts} != dict(FACTS):
        yield "facts are not those the service knows"
    used = {row.to for row in table.rows} | {line.to for line in table.refused_motives}
    yield from (f"no destination {code}" for code in used - set(table.destination_by_code))
    yield from (f"destination {code} is nobody's" for code in set(table.destination_by_code) - used)


def _conditions(table: Table) -> Iterator[str]:
    allowed = {q.code: q.codes for q in table.questions} | {f.code: frozenset(f.values) for f in table.facts}
    for row in table.rows:
        for code, wanted in row.when.items():
            if code not in allowed or not wanted <= allowed[code]:
                yield f"row {row.id} asks {code} for what it is not"
            elif not wanted or wanted == allowed[code]:
                yield f"row {row.id} puts no condition with {code}"
        yield from (
            f"row {row.id} fills {name} from nothing"
            for name, value in row.fills.items()
            if value.startswith("$") and value[1:] not in {question.code for question in table.questions}
        )
    if not table.rows or table.rows[-1].when or not all(row.when for row in table.rows[:-1]):
        yield "the last row, and it alone, has no condition"


def _tree(table: Table) -> Iterator[str]:
    reached: set[str] = set()
    asked: set[str] = set()
    for facts in facts_of(table):
        for end in ends(table, facts):
            reached.add(end.row.id)
            asked.update(end.asked)
            if len(end.asked) > table.longest:
                yield f"{len(end.asked)} questions before {end.row.id}"
    yield from (f"row {row.id} is never reached" for row in table.rows if row.id not in reached)
    yield from (f"question {q.code} is never asked" for q in table.questions if q.code not in asked)


def _examples(table: Table) -> Iterator[str]:
    names = {fact.code for fact in table.facts}
    for row in table.rows:
        for example in row.examples:
            facts = usual_facts() | {code: value for code, value in example.items() if code in names}
            answers = {code: value for code, value in example.items() if code not in names}
            found = walk(table, facts, answers)
            if found.row is None or found.row.id != row.id:
                yield f"an example of {row.id} leads to {found.row.id if found.row else 'a question'}"
            elif len(found.path) != len(answers):
                yield f"an example of {row.id} answers what is not asked"


def usual_facts() -> dict[str, str]:
    """Return what an example supposes where it says nothing."""
    return {"urgent_door": UrgentDoor.CLOSED, "territory": Territory.ELSEWHERE}


def _motives(table: Table) -> Iterator[str]:
    if {line.code for line in table.refused_motives} != set(RefusedMotive):
        yield "the refused motives are not the ten of SS-05"
    for line in table.refused_motives:
        try:
            check(table, line.goes_on)
        except NoSuchAnswer as error:
            yield f"motive {line.code} goes on with {error.code}"
            continue
        found = walk(table, usual_facts(), line.goes_on)
        reached = {end.row.to for end in ends(table, known_after(found.path, usual_facts()))}
        if len(found.path) != len(line.goes_on) or line.to not in reached:
            yield f"motive {line.code} does not go on to {line.to}"


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
