"""What the journeys have in common: a person and a form to file."""

from datetime import date
from random import Random
from typing import Any
from uuid import uuid4

from embedded.demo.people import somebody
from embedded.demo.portal import Portal


def a_person(caisse_department: str = "31", **changes: Any) -> dict[str, Any]:
    """Return somebody nobody has seen yet."""
    drawn = somebody(Random(uuid4().int), caisse_department, date(2026, 11, 1), with_nir=False)
    return drawn.person | changes


def a_form(**changes: Any) -> dict[str, Any]:
    """Return a complete MisAS form."""
    form: dict[str, Any] = {
        "kind": "misas_referral",
        "scopes": ["renoncement_soins"],
        "motives": ["orienter_ps"],
        "renounced_care": [{"care_type": "dental", "reasons": ["out_of_pocket"]}],
        "informed": {
            "informed_on": date.today().isoformat(),  # noqa: DTZ011 - the test runs where it is
            "agrees_to_be_called": True,
            "channel": "in_person",
            "statement_version": "2022-11",
        },
        "phone": "06 39 98 12 34",
    }
    return form | changes


def register(portal: Portal, person: dict[str, Any] | None = None) -> str:
    """Register a person in the structure's name and return the id."""
    registered: str = portal.post("/referrals/partner/persons", person or a_person())["id"]
    return registered


def file(portal: Portal, person_id: str | None = None, **changes: Any) -> dict[str, Any]:
    """File a complete referral and return its receipt."""
    body = {"person_id": person_id or register(portal), "form": a_form(**changes)}
    receipt: dict[str, Any] = portal.post("/referrals/partner/requests/file", body)
    return receipt
