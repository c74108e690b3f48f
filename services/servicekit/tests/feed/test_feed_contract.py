"""The published schemas of facts: what the feed gives is what they say, and none has room for free text."""

import json
from pathlib import Path
from typing import Literal
from uuid import UUID

import jsonschema
import pytest
from pydantic import BaseModel
from teller_service.telling import lost, moved
from typer.testing import CliRunner

from servicekit import fact_schemas
from servicekit.__main__ import cli
from servicekit.db import Database
from servicekit.fact_schemas import OpenFact
from servicekit.facts import Fact, emit
from servicekit.testing import ServiceUnderTest, a_service


async def test_what_the_feed_gives_is_what_the_contract_says(
    teller: ServiceUnderTest, source: Database, tmp_path: Path
) -> None:
    written = CliRunner().invoke(cli, ["contract", "teller_service", "--folder", str(tmp_path)])
    assert written.exit_code == 0, written.output
    schemas = {path.name: json.loads(path.read_text()) for path in (tmp_path / "facts").iterdir()}
    assert sorted(schemas) == ["counter.lost.v1.json", "counter.moved.v1.json"]
    async with source.system_session("tests") as session:
        emit(session, moved(1), lost(2))
    page = (await teller.client_as(a_service("listener")).get("/internal/facts")).json()
    assert len(page["items"]) == 2
    for item in page["items"]:
        schema = schemas[f"{item['type']}.v{item['version']}.json"]
        jsonschema.validate(item, schema, format_checker=jsonschema.FormatChecker())
        for member in ("id", "at", "subject", "payload"):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate({**item, member: None}, schema)


class _Coded(BaseModel):
    kind: Literal["a", "b"] | None
    on: list[UUID]


class _Worded(BaseModel):
    inner: list[dict[str, str]]


@pytest.mark.parametrize(("payload", "refused"), [(_Coded, False), (_Worded, True), (dict[str, object], True)])
def test_a_fact_type_has_no_room_for_free_text(
    payload: type[object], refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoteTaken(Fact[dict[str, UUID], payload]):  # type: ignore[valid-type]  # parametrized
        type: Literal["note.taken"] = "note.taken"

    monkeypatch.setattr(fact_schemas, "fact_types", lambda package: [NoteTaken])
    if refused:
        with pytest.raises(OpenFact, match="payload"):
            fact_schemas.fact_schemas("any")
    else:
        assert fact_schemas.fact_schemas("any").keys() == {"note.taken.v1.json"}
