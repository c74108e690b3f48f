"""Every form of the front door, under one name: its `kind` says which it is."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter

from referrals_service.requests.codes import RequestKind
from referrals_service.requests.forms.appointment import AppointmentIn
from referrals_service.requests.forms.contact import ContactRequestIn
from referrals_service.requests.forms.document import DocumentRequestIn
from referrals_service.requests.forms.follow_up import FollowUpIn
from referrals_service.requests.forms.misas import MisasFormIn
from referrals_service.requests.forms.parts import Form
from referrals_service.requests.forms.send_file import SendFileIn
from referrals_service.requests.forms.ss_referral import SocialReferralIn
from referrals_service.requests.forms.urgent import UrgentIn

_Portal = SendFileIn | FollowUpIn | AppointmentIn | DocumentRequestIn | ContactRequestIn
AnyForm = _Portal | MisasFormIn | UrgentIn | SocialReferralIn
FormIn = Annotated[AnyForm, Field(discriminator="kind")]

FORMS: Final[Mapping[RequestKind, type[Form]]] = {
    RequestKind.SEND_FILE: SendFileIn,
    RequestKind.FOLLOW_UP: FollowUpIn,
    RequestKind.MISAS_REFERRAL: MisasFormIn,
    RequestKind.APPOINTMENT: AppointmentIn,
    RequestKind.DOCUMENT: DocumentRequestIn,
    RequestKind.CONTACT: ContactRequestIn,
    RequestKind.URGENT: UrgentIn,
    RequestKind.SS_REFERRAL: SocialReferralIn,
}


def empty(kind: RequestKind) -> Form:
    """Return the form of a request just begun."""
    return FORMS[kind](kind=kind)


_READ: Final[TypeAdapter[AnyForm]] = TypeAdapter(FormIn)


def read(kind: RequestKind, kept: Mapping[str, Any]) -> AnyForm:
    """Return a form as it was kept."""
    return _READ.validate_python({**kept, "kind": kind})
