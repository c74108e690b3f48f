"""The routes beside the templates: how a text looks on invented data, and the letterhead."""

import base64
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Response

from servicekit.access import Actor, CurrentActor
from servicekit.db import DbSession
from servicekit.errors import Invalid, StaleVersion, VersionRequired
from servicekit.letters import markup, shelf
from servicekit.letters.desk_schemas import (
    PDF,
    LetterheadIn,
    LetterheadOut,
    LetterheadReceipt,
    PdfResponse,
    PreviewIn,
    PreviewPages,
    UnknownTemplate,
)
from servicekit.letters.kinds import Kind
from servicekit.letters.markup import TextRefused
from servicekit.letters.shelf import SHIPPED
from servicekit.letters.snapshot import Letterhead, Snapshot
from servicekit.letters.typesetting import CannotBePrinted, typesetter
from servicekit.problems import problems
from servicekit.writes import IfMatch, set_etag

Head = Callable[[str], Letterhead]


def add_letterhead(desk: APIRouter, service: str, head: Head, keeps: dict[str, Any]) -> None:
    """Add the routes of the caisse's letterhead."""

    @desk.get("/letterhead", operation_id=f"{service}_letterhead", openapi_extra=keeps)
    async def read_letterhead(session: DbSession, actor: CurrentActor, response: Response) -> LetterheadOut:
        """Show the caisse's letterhead."""
        number, found = await shelf.letterhead(session, actor.caisse)
        set_etag(response, number)
        return LetterheadOut(version=number, **(found or head(actor.caisse)).model_dump())

    @desk.put(
        "/letterhead",
        operation_id=f"{service}_write_letterhead",
        responses=problems(StaleVersion, VersionRequired, Invalid),
        openapi_extra=keeps,
    )
    async def write_letterhead(
        given: LetterheadIn, version: IfMatch, session: DbSession, actor: CurrentActor
    ) -> LetterheadReceipt:
        """Change the letterhead of the letters to come."""
        number = await shelf.write_letterhead(session, actor, Letterhead(**given.model_dump()), version)
        return LetterheadReceipt(version=number)


def add_preview(
    desk: APIRouter,
    service: str,
    kinds: Mapping[str, Kind],
    head: Head,
    today: Callable[[str], date],
    tries: dict[str, Any],
) -> None:
    """Add the routes that print a text on invented data."""

    def kind_of(code: str) -> Kind:
        if code not in kinds:
            raise UnknownTemplate
        return kinds[code]

    @desk.post(
        "/preview",
        operation_id=f"{service}_preview_letter",
        response_class=PdfResponse,
        responses={**problems(UnknownTemplate, TextRefused, CannotBePrinted), **PDF},
        openapi_extra=tries,
    )
    async def preview(given: PreviewIn, session: DbSession, actor: CurrentActor) -> Response:
        """Print a text on invented data."""
        snapshot = await _invented(session, actor, kind_of(given.kind), given)
        return PdfResponse(await typesetter().pdf(snapshot))

    @desk.post(
        "/preview/pages",
        operation_id=f"{service}_preview_letter_pages",
        responses=problems(UnknownTemplate, TextRefused, CannotBePrinted),
        openapi_extra=tries,
    )
    async def preview_pages(given: PreviewIn, session: DbSession, actor: CurrentActor) -> PreviewPages:
        """Show the pages of a text on invented data, beside what is being typed."""
        snapshot = await _invented(session, actor, kind_of(given.kind), given)
        pages = await typesetter().pictures(snapshot)
        return PreviewPages(pages=[f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in pages])

    async def _invented(session: DbSession, actor: Actor, kind: Kind, given: PreviewIn) -> Snapshot:
        markup.check(kind, given.text)
        _, found = await shelf.letterhead(session, actor.caisse)
        return Snapshot(
            kind=kind.code,
            language=given.language,
            version=SHIPPED,
            subject=given.text.subject,
            body=given.text.body,
            on=today(actor.caisse),
            letterhead=found or head(actor.caisse),
            recipient=tuple(kind.example_recipient),
            reference="",
            values=kind.examples(),
        )
