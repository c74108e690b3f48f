"""Complete forms of every kind, changed at will."""

from datetime import timedelta
from typing import Any

from referrals_service.requests.caisse_calendar import calendar_of
from referrals_service.requests.codes import RequestKind
from referrals_service.requests.statements import current_statement

from .situations import a_form


def a_form_of(kind: RequestKind, caisse: str = "311", **changed: Any) -> dict[str, Any]:
    """Return a complete form of a kind."""
    today = calendar_of(caisse).today()
    if kind is RequestKind.MISAS_REFERRAL:
        return a_form(**changed)
    common: dict[str, Any] = {
        "kind": kind,
        "informed": {
            "informed_on": today.isoformat(),
            "agrees_to_be_called": True,
            "channel": "in_person",
            "statement_version": current_statement(today, kind).version,
        },
    }
    own: dict[RequestKind, dict[str, Any]] = {
        RequestKind.SEND_FILE: {"file_type": "c2s", "form_version": "S3711h", "adults": 1, "children": 1},
        RequestKind.FOLLOW_UP: {"sent_on": (today - timedelta(days=40)).isoformat(), "channel": "post"},
        RequestKind.APPOINTMENT: {
            "place": "accueil",
            "about": "ame",
            "half_day": "morning",
            "non_autonomy": "language",
            "interpreter": "dari",
            "phone": "06 12 34 56 78",
        },
        RequestKind.DOCUMENT: {
            "document_type": "attestation_droits",
            "delivery": "structure",
            "non_autonomy": "no_account",
        },
        RequestKind.CONTACT: {"about": "Carte Vitale", "reply": "call", "phone": "06 12 34 56 78"},
        RequestKind.URGENT: {
            "urgent_type": "c2s",
            "situation": "rights_not_claimed",
            "care_need": "hospital",
            "care_on": (today + timedelta(days=6)).isoformat(),
            "base_rights": "open",
            "top_up": "none",
        },
        RequestKind.SS_REFERRAL: {
            "motives": ["difficultes_financieres"],
            "scheme": "regime_general",
            "phone": "06 12 34 56 78",
        },
    }
    return common | own[kind] | changed
