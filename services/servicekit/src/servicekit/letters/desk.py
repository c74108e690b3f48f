"""The routes by which a caisse keeps its templates and its letterhead; a service includes them with its kinds."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter
from sqlalchemy.engine import Row

from servicekit import journal
from servicekit.access import Audience, CurrentActor, access
from servicekit.db import DbSession
from servicekit.errors import Invalid, StaleVersion, VersionRequired
from servicekit.letters import shelf
from servicekit.letters.desk_schemas import (
    FieldOut,
    KindCode,
    Language,
    LanguageState,
    PublishIn,
    TemplateHistory,
    TemplateSummary,
    TemplateVersion,
    TextIn,
    UnknownTemplate,
)
from servicekit.letters.kinds import Kind, Text
from servicekit.letters.markup import TextRefused
from servicekit.letters.preview import add_letterhead, add_preview
from servicekit.letters.shelf import SHIPPED, NoDraft
from servicekit.letters.snapshot import Letterhead
from servicekit.letters.typography import LANGUAGES
from servicekit.problems import problems
from servicekit.route import router
from servicekit.writes import IfMatch, Receipt


def template_desk(
    service: str,
    kinds: Sequence[Kind],
    *,
    editors: Iterable[str],
    head: Callable[[str], Letterhead],
    today: Callable[[str], date],
) -> APIRouter:
    """Return the routes; `head` gives the letterhead of a caisse that wrote none, `today` its present date."""
    desk = router(f"/api/v1/{service}/agent/letter-templates", tags=["letters"])
    by_code = {kind.code: kind for kind in kinds}
    editors = frozenset(editors)
    keeps = access(Audience.AGENT, purpose="letters.manage", roles=editors, journal=False)
    tries = access(Audience.AGENT, purpose="letters.manage", roles=editors, journal=False, reads=True)

    add_letterhead(desk, service, head, keeps)
    add_preview(desk, service, by_code, head, today, tries)

    def kind_of(code: str) -> Kind:
        if code not in by_code:
            raise UnknownTemplate
        return by_code[code]

    @desk.get("", operation_id=f"{service}_letter_templates", openapi_extra=keeps)
    async def list_templates(session: DbSession, actor: CurrentActor) -> list[TemplateSummary]:
        """List the kinds of letters with, for each language, what is in force and whether a draft waits."""
        rows = await shelf.overview(session, actor.caisse)
        day = today(actor.caisse)
        return [
            TemplateSummary(
                kind=kind.code,
                label=kind.label,
                addressee=kind.addressee,
                languages=[_state(kind, language, rows, day) for language in LANGUAGES],
            )
            for kind in kinds
        ]

    @desk.get(
        "/{kind}/{language}",
        operation_id=f"{service}_letter_template",
        responses=problems(UnknownTemplate),
        openapi_extra=keeps,
    )
    async def read_template(
        kind: KindCode, language: Language, session: DbSession, actor: CurrentActor
    ) -> TemplateHistory:
        """Show every version of a template in one language, the draft first, the shipped text last."""
        found = kind_of(kind)
        rows = await shelf.versions(session, actor.caisse, kind, language)
        shown = [TemplateVersion.model_validate(_shown(row)) for row in rows]
        if language in found.shipped:
            shown.append(_shipped(found.shipped[language]))
        return TemplateHistory(
            kind=kind,
            label=found.label,
            addressee=found.addressee,
            language=language,
            fields=[FieldOut(code=f.code, label=f.label, alone=f.alone) for f in found.fields],
            in_force=_state(found, language, rows, today(actor.caisse)).in_force,
            versions=shown,
        )

    @desk.put(
        "/{kind}/{language}/draft",
        operation_id=f"{service}_save_letter_draft",
        responses=problems(UnknownTemplate, StaleVersion, VersionRequired),
        openapi_extra=keeps,
    )
    async def save_draft(
        kind: KindCode, language: Language, given: TextIn, version: IfMatch, session: DbSession, actor: CurrentActor
    ) -> Receipt:
        """Keep a draft as it is typed (version 0 begins one); it is checked when it is published."""
        receipt = await shelf.save_draft(session, actor, kind_of(kind), language, given.text, version)
        journal.change(session, "letter_template.save", "letter_template", receipt.id)
        return receipt

    @desk.post(
        "/{kind}/{language}/draft/publish",
        operation_id=f"{service}_publish_letter_draft",
        responses=problems(UnknownTemplate, NoDraft, StaleVersion, VersionRequired, TextRefused),
        openapi_extra=keeps,
    )
    async def publish(
        kind: KindCode, language: Language, given: PublishIn, version: IfMatch, session: DbSession, actor: CurrentActor
    ) -> Receipt:
        """Put the draft in force from a day on, today at the earliest."""
        if given.valid_from < today(actor.caisse):
            message = "Une version ne peut pas valoir dans le passé : choisissez aujourd’hui ou un jour à venir."
            raise Invalid(message, errors=[{"field": "valid_from", "message": message}])
        receipt = await shelf.publish(session, actor, kind_of(kind), language, given.note, given.valid_from, version)
        journal.change(session, "letter_template.publish", "letter_template", receipt.id)
        return receipt

    @desk.post(
        "/{kind}/{language}/draft/discard",
        operation_id=f"{service}_discard_letter_draft",
        responses=problems(UnknownTemplate, NoDraft, StaleVersion, VersionRequired),
        openapi_extra=keeps,
    )
    async def discard(
        kind: KindCode, language: Language, version: IfMatch, session: DbSession, actor: CurrentActor
    ) -> Receipt:
        """Throw the draft away; what is in force stays."""
        receipt = await shelf.discard(session, actor, kind_of(kind), language, version)
        journal.change(session, "letter_template.discard", "letter_template", receipt.id)
        return receipt

    return desk


def _state(kind: Kind, language: str, rows: Iterable[Row[*tuple[Any, ...]]], day: date) -> LanguageState:
    mine = [row for row in rows if (row.kind, row.language) == (kind.code, language)]
    published = [row for row in mine if row.state == "published"]
    begun = [row for row in published if row.valid_from <= day]
    coming = [row for row in published if row.valid_from > day]
    now = max(begun, key=lambda row: (row.valid_from, row.number), default=None)
    shipped = SHIPPED if language in kind.shipped else None
    return LanguageState.model_validate(
        {
            "language": language,
            "in_force": shipped if now is None else now.number,
            "valid_from": None if now is None else now.valid_from,
            "coming": min(coming, key=lambda row: (row.valid_from, row.number)).number if coming else None,
            "has_draft": any(row.state == "draft" for row in mine),
        }
    )


def _shown(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in TemplateVersion.model_fields}


def _shipped(text: Text) -> TemplateVersion:
    return TemplateVersion(
        number=SHIPPED,
        state="shipped",
        version=0,
        subject=text.subject,
        body=text.body,
        note=None,
        valid_from=None,
        updated_by=None,
        updated_at=None,
        published_by=None,
        published_at=None,
    )
