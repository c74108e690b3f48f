"""Closed lists of the agenda; codes are frozen once published, labels are in the catalogue."""

from enum import StrEnum


class CalendarKind(StrEnum):
    """Whose time is booked."""

    ADVISER = "adviser"
    SOCIAL_WORKER = "social_worker"
    RECEPTION = "reception"
    CES = "ces"
    """The health-examination centre (centre d'examens de santé)."""
    ROOM = "room"
    EQUIPMENT = "equipment"


RESOURCES = frozenset({CalendarKind.ROOM, CalendarKind.EQUIPMENT})
"""What is booked for an activity, not for a person."""


class AppointmentMode(StrEnum):
    """Where or how an appointment is held."""

    PHONE = "phone"
    OFFICE = "office"
    HOME_VISIT = "home_visit"
    PARTNER_SITE = "partner_site"


class AppointmentSubject(StrEnum):
    """What an appointment is about (ESP-06), with an entry for the rest."""

    AME = "ame"
    C2S = "c2s"
    INVALIDITE = "invalidite"
    EPS = "eps"
    NUMERIQUE = "numerique"
    EFFET_SEUIL_C2S = "effet_seuil_c2s"
    TABACOLOGUE = "tabacologue"
    PSYCHOLOGUE = "psychologue"
    DIABETE = "diabete"
    OTHER = "other"


class ResourceActivity(StrEnum):
    """What a room or a piece of equipment is booked for."""

    MEETING = "meeting"
    WORKSHOP = "workshop"
    TRAINING = "training"
    SITTING = "sitting"
    OUTREACH = "outreach"
    MAINTENANCE = "maintenance"
    RENTAL = "rental"


class AppointmentState(StrEnum):
    """What became of an appointment."""

    BOOKED = "booked"
    SEEN = "seen"
    EXCUSED = "excused"
    """Did not come and said why."""
    NO_SHOW = "no_show"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    CANCELLED_BY_SERVICE = "cancelled_by_service"
    MOVED = "moved"


class Verb(StrEnum):
    """What is done to an appointment."""

    BOOK = "book"
    MOVE = "move"
    SEE = "see"
    EXCUSE = "excuse"
    MISS = "miss"
    CANCEL_FOR_PERSON = "cancel_for_person"
    CANCEL_BY_SERVICE = "cancel_by_service"


class CancelReason(StrEnum):
    """Why an appointment was cancelled."""

    PERSON_UNAVAILABLE = "person_unavailable"
    NO_LONGER_NEEDED = "no_longer_needed"
    DONE_ELSEWHERE = "done_elsewhere"
    STAFF_ABSENT = "staff_absent"
    PLACE_CLOSED = "place_closed"
    MISTAKE = "mistake"
    OTHER = "other"


class OpeningExceptionKind(StrEnum):
    """How a day differs from the week it is in."""

    CLOSED = "closed"
    EXTRA = "extra"
    """Open although the week, or a public holiday, says otherwise."""


class OpeningExceptionReason(StrEnum):
    """Why; never whose illness."""

    LEAVE = "leave"
    TRAINING = "training"
    CLOSURE = "closure"
    OUTREACH = "outreach"
    OTHER = "other"


class BookingSide(StrEnum):
    """From where something was done."""

    CAISSE = "caisse"
    PARTNER = "partner"
    SYSTEM = "system"
