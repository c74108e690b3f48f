"""What each kind of request must say before it is sent. Pure."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from referrals_service.requests.codes import Queue, RequestKind
from referrals_service.requests.forms.contact import ContactRequestIn
from referrals_service.requests.forms.every import FORMS, empty, read
from referrals_service.requests.forms.follow_up import FollowUpIn
from referrals_service.requests.forms.parts import Circumstances
from referrals_service.requests.forms.send_file import SendFileIn
from referrals_service.requests.forms.urgent import UrgentIn, ordinary_of
from servicekit import clock

from .kinds import a_form_of

TODAY = date(2026, 3, 10)
HERE = Circumstances(TODAY, "31")


@pytest.fixture(autouse=True)
def _in_march() -> Any:
    from datetime import UTC, datetime

    with clock.travel(datetime(2026, 3, 10, 9, tzinfo=UTC)):
        yield


def wrong(kind: RequestKind, where: Circumstances = HERE, **changed: Any) -> dict[str, str | None]:
    """Return the fields that keep a form from being sent, each with its rule."""
    return {e.field: e.rule for e in read(kind, a_form_of(kind, **changed)).errors(where)}


@pytest.mark.parametrize("kind", RequestKind)
def test_every_kind_has_a_form_that_may_be_empty_and_cannot_be_sent_so(kind: RequestKind) -> None:
    assert set(FORMS) == set(RequestKind)
    assert list(empty(kind).errors(HERE))
    assert wrong(kind) == {}


@pytest.mark.parametrize("kind", RequestKind)
def test_nothing_is_sent_without_the_persons_agreement(kind: RequestKind) -> None:
    missing = wrong(kind, informed={})
    assert {"informed.informed_on", "informed.agrees_to_be_called", "informed.channel"} <= set(missing)
    told = a_form_of(kind)["informed"] | {"agrees_to_be_called": False}
    assert set(wrong(kind, informed=told)) == {"informed.agrees_to_be_called"}


@pytest.mark.parametrize("kind", RequestKind)
def test_the_person_was_told_the_text_of_this_kind(kind: RequestKind) -> None:
    other = RequestKind.SEND_FILE if kind is RequestKind.MISAS_REFERRAL else RequestKind.MISAS_REFERRAL
    told = a_form_of(kind)["informed"] | {"statement_version": a_form_of(other)["informed"]["statement_version"]}
    assert set(wrong(kind, informed=told)) == {"informed.statement_version"}


@pytest.mark.parametrize("kind", RequestKind)
def test_a_form_takes_nothing_that_it_does_not_know(kind: RequestKind) -> None:
    with pytest.raises(ValidationError):
        read(kind, a_form_of(kind, diagnosis="x"))


def test_a_file_says_which_it_is_and_the_ame_does_not_exist_in_mayotte() -> None:
    """ESP-02."""
    assert wrong(RequestKind.SEND_FILE, file_type=None) == {"file_type": "ESP-02"}
    assert wrong(RequestKind.SEND_FILE, Circumstances(TODAY, "976"), file_type="ame") == {"file_type": "ESP-02"}
    assert wrong(RequestKind.URGENT, Circumstances(TODAY, "976"), urgent_type="ame") == {"urgent_type": "ESP-02"}
    assert wrong(RequestKind.SEND_FILE, file_type="ame") == {}


def test_a_follow_up_names_a_request_or_says_what_was_sent() -> None:
    assert set(wrong(RequestKind.FOLLOW_UP, sent_on=None, channel=None)) == {"sent_on", "channel"}
    assert set(wrong(RequestKind.FOLLOW_UP, sent_on="2026-03-11")) == {"sent_on"}
    about = "01922d00-0000-7000-8000-000000000000"
    assert wrong(RequestKind.FOLLOW_UP, sent_on=None, channel=None, about=about) == {}


def test_reception_and_documents_are_for_those_who_cannot_do_it_alone() -> None:
    """ESP-05: the declaration of non-autonomy; the health examination centre asks for none."""
    assert wrong(RequestKind.APPOINTMENT, non_autonomy=None) == {"non_autonomy": "ESP-05"}
    assert wrong(RequestKind.APPOINTMENT, non_autonomy=None, place="ces", about="eps") == {}
    assert wrong(RequestKind.DOCUMENT, non_autonomy=None) == {"non_autonomy": "ESP-05"}


def test_what_is_not_in_the_lists_is_said_in_words() -> None:
    """ESP-06: closed lists with an "other" entry."""
    assert wrong(RequestKind.APPOINTMENT, about="other") == {"about_detail": "ESP-06"}
    assert wrong(RequestKind.DOCUMENT, document_type="other") == {"document_detail": "ESP-06"}
    assert wrong(RequestKind.DOCUMENT, from_on="2026-02-01", until_on="2026-01-01") == {"until_on": "ESP-06"}


def test_a_contact_to_call_has_a_number() -> None:
    """ESP-10."""
    assert wrong(RequestKind.CONTACT, phone=None) == {"phone": "ESP-10"}
    assert wrong(RequestKind.CONTACT, phone=None, reply="message") == {}
    assert wrong(RequestKind.CONTACT, phone="12") == {"phone": "ESP-10"}


def test_an_urgency_of_rights_says_what_care_and_for_when() -> None:
    """LUP-02, LUP-08."""
    assert wrong(RequestKind.URGENT, situation=None) == {"situation": "LUP-02"}
    assert wrong(RequestKind.URGENT, situation="imminent_break") == {"break_on": "LUP-02"}
    assert wrong(RequestKind.URGENT, care_need=None, care_on=None) == {"care_need": "LUP-02", "care_on": "LUP-02"}
    assert wrong(RequestKind.URGENT, base_rights=None, top_up=None) == {"base_rights": "LUP-08", "top_up": "LUP-08"}
    assert set(wrong(RequestKind.URGENT, urgent_type="suivi")) == {"sent_on", "channel"}


NO_CARE: dict[str, Any] = {"situation": None, "care_need": None, "care_on": None}


@pytest.mark.parametrize(
    ("started", "paid", "fields"),
    [
        ("2026-02-07", False, set()),  # the 31st day
        ("2026-02-08", False, {"leave_started_on"}),  # the 30th
        ("2026-02-07", True, {"allowance_paid"}),
        (None, None, {"leave_started_on", "allowance_paid"}),
    ],
)
def test_daily_allowances_are_urgent_beyond_thirty_days_without_any(
    started: str | None, paid: bool | None, fields: set[str]
) -> None:
    """LUP-04, and LUP-02: replacement income needs no need of care."""
    found = wrong(RequestKind.URGENT, urgent_type="ij", leave_started_on=started, allowance_paid=paid, **NO_CARE)
    assert found == dict.fromkeys(fields, "LUP-04")


def test_who_is_too_early_is_told_from_which_day() -> None:
    """LUP-04: message with the first eligible date."""
    form = read(
        RequestKind.URGENT,
        a_form_of(RequestKind.URGENT, urgent_type="ij", leave_started_on="2026-02-20", allowance_paid=False),
    )
    [error] = form.errors(HERE)
    assert "23/03/2026" in error.message


@pytest.mark.parametrize(
    ("case", "asked", "fields"),
    [
        ("payment_suspended", None, set()),
        ("initial_request", "2026-01-09", set()),
        ("initial_request", "2026-01-10", {"initial_request_on"}),
        ("initial_request", None, {"initial_request_on"}),
        (None, None, {"invalidity_case"}),
    ],
)
def test_an_invalidity_pension_is_urgent_when_suspended_or_two_months_late(
    case: str | None, asked: str | None, fields: set[str]
) -> None:
    """LUP-05."""
    found = wrong(
        RequestKind.URGENT, urgent_type="invalidite", invalidity_case=case, initial_request_on=asked, **NO_CARE
    )
    assert found == dict.fromkeys(fields, "LUP-05")


@pytest.mark.parametrize(
    ("urgent", "kind", "topic"),
    [
        ({"urgent_type": "c2s"}, SendFileIn, "c2s"),
        ({"urgent_type": "affiliation"}, SendFileIn, "affiliation"),
        ({"urgent_type": "ame"}, SendFileIn, "ame"),
        ({"urgent_type": "suivi", "sent_on": "2026-02-01", "channel": "post"}, FollowUpIn, ""),
        ({"urgent_type": "ij"}, ContactRequestIn, ""),
        ({"urgent_type": "invalidite"}, ContactRequestIn, ""),
    ],
)
def test_what_is_not_urgent_is_an_ordinary_request_ready_to_be_sent(
    urgent: dict[str, Any], kind: type, topic: str
) -> None:
    """LUP-02: nothing retyped, and nothing missing."""
    form = read(RequestKind.URGENT, a_form_of(RequestKind.URGENT, note="Sans logement", **urgent))
    assert isinstance(form, UrgentIn)
    ordinary = ordinary_of(form)
    assert isinstance(ordinary, kind)
    assert ordinary is not None
    assert (ordinary.topic, ordinary.note, ordinary.informed) == (topic, "Sans logement", form.informed)
    assert list(ordinary.errors(HERE)) == []
    assert ordinary_of(UrgentIn(kind=RequestKind.URGENT)) is None


@pytest.mark.parametrize(
    ("scheme", "motive", "taken"),
    [
        ("regime_general", "info_ald", True),
        ("slm", "info_ald", True),
        ("unknown", "info_ald", True),
        ("ti", "retour_emploi", True),
        ("ti", "info_ald", False),
        ("msa", "retour_emploi", False),
        ("ame", "non_recours", False),
    ],
)
def test_the_social_service_is_for_the_general_scheme_and_the_self_employed_at_work(
    scheme: str, motive: str, taken: bool
) -> None:
    """SS-01."""
    found = wrong(RequestKind.SS_REFERRAL, scheme=scheme, motives=[motive])
    assert found == ({} if taken else {"scheme": "SS-01"})


def test_a_report_names_a_motive_that_is_taken_a_number_and_a_discharge() -> None:
    """SS-04, ESP-09, SS-14; the ten of SS-05 have no code."""
    assert wrong(RequestKind.SS_REFERRAL, motives=[]) == {"motives": "SS-04"}
    assert wrong(RequestKind.SS_REFERRAL, phone=None) == {"phone": "ESP-09"}
    assert wrong(RequestKind.SS_REFERRAL, motives=["aide_domicile_non_retraites"]) == {"discharged_on": "SS-14"}
    for refused in ("css_ame_complementaire", "maternite", "logement", "apa", "carte_vitale", "retraite"):
        with pytest.raises(ValidationError):
            read(RequestKind.SS_REFERRAL, a_form_of(RequestKind.SS_REFERRAL, motives=[refused]))


def test_a_form_is_routed_by_its_kind_and_its_topic() -> None:
    """ESP-03."""
    from referrals_service.requests.caisse_settings import settings_on

    usual = settings_on(TODAY, {})
    assert usual.queue_of(RequestKind.SEND_FILE, "c2s") is Queue.GDB
    assert usual.queue_of(RequestKind.SEND_FILE, "ass_aid") is Queue.ASS
    assert usual.queue_of(RequestKind.APPOINTMENT, "ces") is Queue.CES
    assert usual.queue_of(RequestKind.APPOINTMENT, "accueil") is Queue.ACCUEIL
    own = settings_on(TODAY, {"routing": {"send_file.ame": "accueil", "document": "accueil"}})
    assert own.queue_of(RequestKind.SEND_FILE, "ame") is Queue.ACCUEIL
    assert own.queue_of(RequestKind.SEND_FILE, "c2s") is Queue.GDB
    assert own.queue_of(RequestKind.DOCUMENT, "other") is Queue.ACCUEIL
