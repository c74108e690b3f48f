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
from referrals_service.requests.codes import MisasState, Queue, RequestKind, Verb
from referrals_service.requests.lifecycle import MISAS, TransitionRefused
from servicekit.access import Actor, Audience
from servicekit.errors import Forbidden
from servicekit.testing import an_actor


def a_request(state: MisasState, assigned_to: UUID | None = None, queue: Queue = Queue.MISAS) -> Standing:
    return Standing(RequestKind.MISAS_REFERRAL, state, queue, assigned_to, has_sender=True)


def an_agent(role: str = "conseiller_misas") -> Actor:
    return an_actor(Audience.AGENT, role)


NOTHING = AgentRequestAbilities(take=False, assign=False, accept=False, refuse=False, redirect=False, write=False)


def test_a_new_request_can_be_taken_by_the_mission_only() -> None:
    request = a_request(MisasState.SUBMITTED)
    assert agent_abilities(an_agent(), request) == NOTHING.model_copy(update={"take": True})
    assert agent_abilities(an_agent("responsable_unite"), request).assign is True
    for role in AGENT_ROLES - {"conseiller_misas", "responsable_unite", "coordinateur"}:
        assert agent_abilities(an_agent(role), request) == NOTHING


def test_the_adviser_in_charge_decides_and_nobody_else() -> None:
    adviser = an_agent()
    request = a_request(MisasState.RELEVANCE_REVIEW, adviser.account_id)
    assert agent_abilities(adviser, request) == AgentRequestAbilities(
        take=False, assign=True, accept=True, refuse=True, redirect=True, write=True
    )
    assert agent_abilities(an_agent(), request) == NOTHING
    assert agent_abilities(an_agent("coordinateur"), request) == NOTHING.model_copy(update={"assign": True})


def test_nobody_writes_to_a_sender_of_another_caisse() -> None:
    adviser = an_agent()
    arrived = replace(a_request(MisasState.RELEVANCE_REVIEW, adviser.account_id), has_sender=False)
    assert agent_abilities(adviser, arrived).write is False


def test_a_request_whose_adviser_left_can_be_taken_again() -> None:
    assert agent_abilities(an_agent(), a_request(MisasState.RELEVANCE_REVIEW)).take is True


def test_a_redirected_request_is_taken_by_the_service_it_went_to() -> None:
    request = a_request(MisasState.REDIRECTED, queue=Queue.SS)
    assert agent_abilities(an_agent("csam"), request) == NOTHING.model_copy(update={"take": True})
    assert agent_abilities(an_agent(), request) == NOTHING


@pytest.mark.parametrize("state", [MisasState.REFUSED, MisasState.WITHDRAWN])
def test_an_answered_request_is_changed_by_nobody(state: MisasState) -> None:
    adviser = an_agent()
    assert agent_abilities(adviser, a_request(state, adviser.account_id)) == NOTHING


def test_an_accepted_request_is_only_talked_about_or_handed_on() -> None:
    adviser = an_agent()
    abilities = agent_abilities(adviser, a_request(MisasState.ACCEPTED, adviser.account_id))
    assert abilities == NOTHING.model_copy(update={"write": True, "assign": True})


def test_the_state_is_refused_before_the_person() -> None:
    with pytest.raises(TransitionRefused):
        require_agent(an_agent(), a_request(MisasState.SUBMITTED), Verb.ACCEPT)
    with pytest.raises(Forbidden):
        require_agent(an_agent(), a_request(MisasState.RELEVANCE_REVIEW, uuid4()), Verb.ACCEPT)


def test_a_structures_administrator_does_not_act_on_requests() -> None:
    draft = MisasState.DRAFT
    assert partner_abilities(SENDER, MISAS, draft).model_dump() == {
        "edit": True,
        "submit": True,
        "discard": True,
        "withdraw": False,
        "write": False,
    }
    assert not any(partner_abilities("partner_admin", MISAS, draft).model_dump().values())


@pytest.mark.parametrize(
    ("state", "withdraw", "write"),
    [
        (MisasState.SUBMITTED, True, True),
        (MisasState.RELEVANCE_REVIEW, True, True),
        (MisasState.ACCEPTED, False, True),
        (MisasState.REFUSED, False, False),
        (MisasState.WITHDRAWN, False, False),
    ],
)
def test_the_sender_withdraws_until_the_answer(state: MisasState, withdraw: bool, write: bool) -> None:
    abilities = partner_abilities(SENDER, MISAS, state)
    assert (abilities.withdraw, abilities.write) == (withdraw, write)
    assert [abilities.edit, abilities.submit, abilities.discard] == [False, False, False]
