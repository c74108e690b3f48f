"""Who may do what to the documents of a request they see (access matrix, F10). Pure."""

from datetime import datetime, timedelta

from referrals_service.requests import views
from referrals_service.requests.abilities import agent_abilities, partner_abilities
from referrals_service.requests.codes import CoarseState, RequestKind
from referrals_service.requests.lifecycle import LIFECYCLES
from servicekit.access import Actor, Audience
from servicekit.documents.lifecycle import DocumentState
from servicekit.documents.rows import Document


def may_add(actor: Actor, row: views.AnyRow) -> bool:
    """Tell whether the actor's side may add a document now.

    A partner while it writes the request and while the conversation is open; the agent in charge, to the sender.
    """
    if actor.audience is Audience.PARTNER:
        abilities = partner_abilities(actor.role, LIFECYCLES[RequestKind(row.kind)], row.state)
        return abilities.edit or abilities.write
    return agent_abilities(actor, views.standing_of(row)).write


def may_read(actor: Actor, row: views.AnyRow, cards: views.Cards) -> bool:
    """Tell whether the actor reads documents at all: an agent to whom the person is entrusted, not who shares work out.

    `cards` holds the person if the actor may see them.
    """
    return actor.audience is Audience.PARTNER or not views.withheld_from(actor, row, cards)


def may_open(actor: Actor, document: Document, now: datetime, reread_days: int) -> bool:
    """Tell whether a reader may open a document: a partner its own for some weeks, what it was sent at any time."""
    if document.state is not DocumentState.AVAILABLE:
        return False
    own = actor.audience is Audience.PARTNER and document.side == "partner"
    return not own or document.kept_at is None or now - document.kept_at <= timedelta(days=reread_days)


def may_remove(actor: Actor, row: views.AnyRow, document: Document) -> bool:
    """Tell whether it may be removed: by a partner from a draft, by the agent in charge what was sent in error."""
    if document.state is DocumentState.ERASED:
        return False
    if actor.audience is Audience.PARTNER:
        return document.side == "partner" and row.coarse == CoarseState.DRAFT and may_add(actor, row)
    return document.side == "agent" and may_add(actor, row)
