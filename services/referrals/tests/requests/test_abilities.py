"""Who may do what, without a database: the table the front shows and each act checks again."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from referrals_service.requests.abilities import (
    AGENT_ROLES,
    SENDER,
    AgentRequestAbilities,
    Standing,
    agent_abilities,
    partner_abilities,
    require_agent,
)
from referrals_service.requests.codes import Queue, RequestKind, RequestState, Verb
from referrals_service.requests.lifecycle import LIFECYCLES, MISAS, TransitionRefused
from servicekit.access import Actor, Audience
from servicekit.errors import Forbidden
from servicekit.testing import an_actor


def a_request(state: RequestState, assigned_to: UUID | None = None, queue: Queue = Queue.MISAS) -> Standing:
    return Standing(RequestKind.MISAS_REFERRAL, state, queue, assigned_to, has_sender=True)


def an_agent(role: str = "conseiller_misas") -> Actor:
    return an_actor(Audience.AGENT, role)


NOTHING = AgentRequestAbilities(**dict.fromkeys(AgentRequestAbilities.model_fields, False))


def only(*verbs: str) -> AgentRequestAbilities:
    return NOTHING.model_copy(update=dict.fromkeys(verbs, True))


def test_a_new_request_can_be_taken_by_the_mission_only() -> None:
    request = a_request(RequestState.SUBMITTED)
    assert agent_abilities(an_agent(), request) == NOTHING.model_copy(update={"take": True})
    assert agent_abilities(an_agent("responsable_unite"), request).assign is True
    for role in AGENT_ROLES - {"conseiller_misas", "responsable_unite", "coordinateur"}:
        assert agent_abilities(an_agent(role), request) == NOTHING


def test_the_adviser_in_charge_decides_and_nobody_else() -> None:
    adviser = an_agent()
    request = a_request(RequestState.RELEVANCE_REVIEW, adviser.account_id)
    assert agent_abilities(adviser, request) == only("assign", "accept", "refuse", "redirect", "write")
    assert agent_abilities(an_agent(), request) == NOTHING
    assert agent_abilities(an_agent("coordinateur"), request) == NOTHING.model_copy(update={"assign": True})


def test_nobody_writes_to_a_sender_of_another_caisse() -> None:
    adviser = an_agent()
    arrived = replace(a_request(RequestState.RELEVANCE_REVIEW, adviser.account_id), has_sender=False)
    assert agent_abilities(adviser, arrived).write is False


def test_a_request_whose_adviser_left_can_be_taken_again() -> None:
    assert agent_abilities(an_agent(), a_request(RequestState.RELEVANCE_REVIEW)).take is True


def test_a_redirected_request_is_taken_by_the_service_it_went_to() -> None:
    request = a_request(RequestState.REDIRECTED, queue=Queue.SS)
    assert agent_abilities(an_agent("csam"), request) == NOTHING.model_copy(update={"take": True})
    assert agent_abilities(an_agent(), request) == NOTHING


@pytest.mark.parametrize("state", [RequestState.REFUSED, RequestState.WITHDRAWN])
def test_an_answered_request_is_changed_by_nobody(state: RequestState) -> None:
    adviser = an_agent()
    assert agent_abilities(adviser, a_request(state, adviser.account_id)) == NOTHING


def test_an_accepted_request_is_only_talked_about_or_handed_on() -> None:
    adviser = an_agent()
    abilities = agent_abilities(adviser, a_request(RequestState.ACCEPTED, adviser.account_id))
    assert abilities == NOTHING.model_copy(update={"write": True, "assign": True})


def test_the_state_is_refused_before_the_person() -> None:
    with pytest.raises(TransitionRefused):
        require_agent(an_agent(), a_request(RequestState.SUBMITTED), Verb.ACCEPT)
    with pytest.raises(Forbidden):
        require_agent(an_agent(), a_request(RequestState.RELEVANCE_REVIEW, uuid4()), Verb.ACCEPT)


def test_a_structures_administrator_does_not_act_on_requests() -> None:
    draft = RequestState.DRAFT
    assert partner_abilities(SENDER, MISAS, draft).model_dump() == {
        "edit": True,
        "submit": True,
        "discard": True,
        "make_ordinary": False,
        "withdraw": False,
        "complete": False,
        "close": False,
        "reopen": False,
        "void": False,
        "write": False,
    }
    assert not any(partner_abilities("partner_admin", MISAS, draft).model_dump().values())


@pytest.mark.parametrize(
    ("state", "withdraw", "write"),
    [
        (RequestState.SUBMITTED, True, True),
        (RequestState.RELEVANCE_REVIEW, True, True),
        (RequestState.ACCEPTED, False, True),
        (RequestState.REFUSED, False, False),
        (RequestState.WITHDRAWN, False, False),
    ],
)
def test_the_sender_withdraws_until_the_answer(state: RequestState, withdraw: bool, write: bool) -> None:
    abilities = partner_abilities(SENDER, MISAS, state)
    assert (abilities.withdraw, abilities.write) == (withdraw, write)
    assert [abilities.edit, abilities.submit, abilities.discard] == [False, False, False]


def a_file(state: RequestState, assigned_to: UUID | None = None) -> Standing:
    return Standing(RequestKind.SEND_FILE, state, Queue.GDB, assigned_to, has_sender=True)


def test_the_agent_in_charge_of_a_file_asks_answers_rejects_and_hands_it_on() -> None:
    agent = an_agent("agent_gdb")
    held = a_file(RequestState.IN_PROGRESS, agent.account_id)
    assert agent_abilities(agent, held) == only(
        "assign", "ask", "answer", "reject", "redirect", "transfer", "void", "write"
    )
    assert agent_abilities(an_agent("agent_gdb"), held) == NOTHING
    assert agent_abilities(an_agent(), held) == NOTHING


def test_whoever_works_on_the_queue_puts_an_answered_file_back() -> None:
    assert agent_abilities(an_agent("agent_gdb"), a_file(RequestState.CLOSED)) == only("reopen")
    assert agent_abilities(an_agent("accueil"), a_file(RequestState.CLOSED)) == NOTHING


def test_the_sender_completes_reads_and_reopens_but_does_not_close_what_it_did_not_complete() -> None:
    frame = LIFECYCLES[RequestKind.SEND_FILE]
    waiting = partner_abilities(SENDER, frame, RequestState.WAITING_PARTNER)
    assert (waiting.complete, waiting.close, waiting.withdraw) == (True, False, True)
    answered = partner_abilities(SENDER, frame, RequestState.ANSWERED)
    assert (answered.complete, answered.close, answered.reopen, answered.withdraw) == (False, True, True, False)


def test_only_the_urgency_line_makes_a_sent_request_ordinary() -> None:
    urgent = LIFECYCLES[RequestKind.URGENT]
    assert partner_abilities(SENDER, urgent, RequestState.DRAFT).make_ordinary is True
    assert partner_abilities(SENDER, urgent, RequestState.QUALIFICATION).make_ordinary is False


def test_nobody_talks_about_a_report_to_the_social_service() -> None:
    """SS-11: the sender is told received, taken on, ended; there is no thread that would say more."""
    worker = an_agent("csam")
    held = Standing(RequestKind.SS_REFERRAL, RequestState.TRIAGE, Queue.SS, worker.account_id, has_sender=True)
    assert agent_abilities(worker, held) == only("assign", "take_on", "end", "void")
    social = LIFECYCLES[RequestKind.SS_REFERRAL]
    assert not any(partner_abilities(SENDER, social, state).write for state in social.transitions)
