"""Rows as they are shown."""

from typing import Any

from referrals_service.detections.codes import CallOutcome, DetectionState
from referrals_service.detections.models import DetectionCall
from referrals_service.detections.schemas import Call, Campaign, DetectionDetail, DetectionRow
from referrals_service.persons.views import PersonCard


def campaign(row: Any, counts: dict[DetectionState, int]) -> Campaign:
    """Return a campaign with its counts."""
    return Campaign(
        id=row.id,
        version=row.version,
        name=row.name,
        mode=row.mode,
        population=row.population,
        from_on=row.from_on,
        until_on=row.until_on,
        state=row.state,
        created_at=row.created_at,
        counts=counts,
    )


def detection(row: Any, card: PersonCard | None) -> DetectionRow:
    """Return a line of the inbox."""
    return DetectionRow(**_shared(row, card))


def detail(
    row: Any, card: PersonCard | None, calls: list[DetectionCall], *, giving_up: int, offer: bool
) -> DetectionDetail:
    """Return a detection whole; without the person, without the number to call."""
    return DetectionDetail(
        **_shared(row, card),
        phone=None if card is None else row.phone,
        calls=[Call(id=c.id, at=c.at, by=c.by, outcome=CallOutcome(c.outcome)) for c in calls],
        calls_before_giving_up=giving_up,
        request_id=row.request_id,
        offer=offer,
    )


def _shared(row: Any, card: PersonCard | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "version": row.version,
        "campaign_id": row.campaign_id,
        "campaign_name": row.campaign_name,
        "mode": row.mode,
        "population": row.population,
        "person_id": row.person_id,
        "person": card,
        "state": row.state,
        "unreached": row.unreached,
        "created_at": row.created_at,
        "last_call_at": row.last_call_at,
    }
