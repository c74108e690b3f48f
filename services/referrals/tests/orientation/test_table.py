"""The table itself: sound as shipped, every example true, and no fault of one passes unseen. No database."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals_service.orientation import soundness
from referrals_service.orientation.engine import NoSuchAnswer, check, known_after, most_left, walk
from referrals_service.orientation.soundness import UnsoundTable, ends, facts_of, require_sound, usual_facts
from referrals_service.orientation.table import Row, Table, current_table, departments, tables

TABLE = tables()[-1]
FACTS = {fact.code for fact in TABLE.facts}


def parted(example: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the facts of an example, with what it supposes, and its answers."""
    facts = usual_facts() | {code: value for code, value in example.items() if code in FACTS}
    return facts, {code: value for code, value in example.items() if code not in FACTS}


def test_what_is_shipped_is_sound() -> None:
    require_sound()


@pytest.mark.parametrize(
    ("row", "example"), [pytest.param(row, example, id=row.id) for row in TABLE.rows for example in row.examples]
)
def test_each_row_is_reached_by_its_examples(row: Row, example: Mapping[str, str]) -> None:
    facts, answers = parted(example)
    found = walk(TABLE, facts, answers)
    assert found.row is not None
    assert found.row.id == row.id
    assert [one.question.code for one in found.path if one.question.code not in answers] == []
    assert len(found.path) == len(answers) <= TABLE.longest


def test_there_is_always_an_answer_within_six_questions() -> None:
    every = [end for facts in facts_of(TABLE) for end in ends(TABLE, facts)]
    assert {end.row.id for end in every} == {row.id for row in TABLE.rows}
    assert max(len(end.asked) for end in every) <= 6
    assert all(len(set(end.asked)) == len(end.asked) for end in every)
    # The last resort is to be called back (ESP-10).
    assert (TABLE.rows[-1].id, TABLE.rows[-1].step) == ("contact", "contact")


_some_answers = st.fixed_dictionaries(
    {}, optional={q.code: st.sampled_from([c.code for c in q.choices]) for q in TABLE.questions if not q.departments}
)


# The first question about the root counts the whole tree, once.
@settings(deadline=None)
@given(_some_answers, st.sampled_from(list(facts_of(TABLE))))
def test_what_is_not_asked_does_not_count(answers: dict[str, str], facts: dict[str, str]) -> None:
    found = walk(TABLE, facts, answers)
    counted = {one.question.code: one.answer for one in found.path}
    again = walk(TABLE, facts, counted)
    assert (again.path, again.question, again.row) == (found.path, found.question, found.row)
    assert (found.row is None) is (found.question is not None)
    left = most_left(TABLE, known_after(found.path, facts))
    assert (left == 0) is (found.row is not None)
    assert len(found.path) + left <= TABLE.longest


def test_an_answer_that_is_none_is_told_from_one_that_is_not_needed() -> None:
    check(TABLE, {"need": "question", "retired": "yes", "residence": "2A"})
    for bad in ({"need": "nothing"}, {"nothing": "need"}, {"residence": "ile_de_france"}, {"urgent_door": "open"}):
        with pytest.raises(NoSuchAnswer):
            check(TABLE, bad)


def test_each_department_has_a_name_and_a_body() -> None:
    from referrals_service.orientation.views import _social_service_in

    assert len(departments()) == 101
    assert _social_service_in("93") == "CRAMIF"
    assert {_social_service_in(code) for code in departments()}.isdisjoint({""})


def test_a_day_before_the_first_version_has_the_first_one() -> None:
    assert current_table(date(2001, 1, 1)) == tables()[0]
    assert current_table(date(2099, 1, 1)) == tables()[-1]


def _with_row(number: int, **changed: Any) -> Callable[[Table], Table]:
    def change(table: Table) -> Table:
        rows = list(table.rows)
        rows[number] = rows[number].model_copy(update=changed)
        return table.model_copy(update={"rows": tuple(rows)})

    return change


def _without_question(code: str) -> Callable[[Table], Table]:
    def change(table: Table) -> Table:
        return table.model_copy(update={"questions": tuple(q for q in table.questions if q.code != code)})

    return change


def _rows_doubled(table: Table) -> Table:
    twin = table.rows[3].model_copy(update={"id": "twin", "to": "ccas"})
    return table.model_copy(update={"rows": (*table.rows[:4], twin, *table.rows[4:])})


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("row twin is never reached", _rows_doubled),
        ("has no condition", _with_row(-1, when={"need": frozenset({"question"})})),
        ("has no condition", _with_row(0, when={})),
        ("for what it is not", _without_question("right")),
        ("puts no condition with retired", _with_row(0, when={"retired": frozenset({"yes", "no"})})),
        ("no destination nowhere", _with_row(0, to="nowhere")),
        ("row contact twice", _with_row(0, id="contact")),
        ("an example of ame_not_in_mayotte leads to a question", _with_row(0, examples=({"need": "rights"},))),
        (
            "an example of contact answers what is not asked",
            _with_row(-1, examples=({"need": "question", "age": "16_25"},)),
        ),
        ("fills file_type from nothing", _with_row(5, fills={"file_type": "$nothing"})),
        ("questions before", lambda table: table.model_copy(update={"longest": 2})),
        ("not the ten of SS-05", lambda table: table.model_copy(update={"refused_motives": table.refused_motives[1:]})),
        ("facts are not those", lambda table: table.model_copy(update={"facts": table.facts[:1]})),
    ],
)
def test_a_fault_stops_the_start(monkeypatch: pytest.MonkeyPatch, fault: str, change: Callable[[Table], Table]) -> None:
    monkeypatch.setattr(soundness, "tables", lambda: (_fresh(change(TABLE)),))
    with pytest.raises(UnsoundTable, match=fault):
        require_sound()


def _fresh(table: Table) -> Table:
    """Return the table without what an earlier reading of it remembers."""
    return Table.model_validate(table.model_dump())
