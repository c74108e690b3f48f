"""Which roles of the caisse work with the agenda, and how far.

Codes are those of the one list of roles, kept by `partners`.
"""

from typing import Final

BOOKING_ROLES: Final = (
    "accueil",
    "accueil_logistique",
    "agent_ces",
    "agent_gdb",
    "agent_lup",
    "assistant_social",
    "charge_mission",
    "conseiller_misas",
    "coordinateur",
    "csam",
    "manager_ss",
    "responsable_departementale",
    "responsable_unite",
    "secretaire",
)
"""Who sees the agenda of the caisse and books."""

MANAGING_ROLES: Final = (
    "accueil_logistique",
    "coordinateur",
    "manager_ss",
    "responsable_departementale",
    "responsable_unite",
)
"""Who opens calendars, says when they are open, and offers kinds of appointments."""

SOCIAL_WORK_ROLES: Final = frozenset({"csam", "manager_ss", "responsable_departementale"})
"""Who books into the calendars of social workers (SS-06), beside the social worker concerned."""

READ: Final = "agenda.read"
BOOK: Final = "appointment.book"
MANAGE: Final = "agenda.manage"
FEED: Final = "calendar.feed"
"""Purposes."""
