"""Messages both ways, whose turn it is, and who has read what."""

from uuid import uuid4

from servicekit.access import Actor

from .situations import AGENT, PARTNER, World, fields, ok, problem


async def test_a_question_hands_the_turn_over_and_the_answer_gives_it_back(
    world: World, partner: Actor, adviser: Actor
) -> None:
    taken = await world.taken(partner, adviser)
    asked = ok(await world.act(adviser, taken, "messages", {"text": "À quelle heure l'appeler ?"}), 201)
    shown = await world.shown(partner, taken)
    assert (shown["turn"], shown["unread"], shown["version"]) == ("partner", 1, taken["version"])
    [message] = shown["messages"]
    assert (message["id"], message["side"], message["author"]) == (asked["id"], "caisse", None)
    assert message["read_at"] is None

    ok(await world.act(partner, taken, "read", None))
    ok(await world.act(partner, taken, "messages", {"text": "Après 18 heures."}), 201)

    inside = await world.shown(adviser, taken)
    assert (inside["turn"], inside["unread"]) == ("caisse", 1)
    assert [m["text"] for m in inside["messages"]] == ["À quelle heure l'appeler ?", "Après 18 heures."]
    assert inside["messages"][0]["read_at"] is not None
    assert inside["messages"][1]["read_at"] is None
    assert (await world.shown(partner, taken))["unread"] == 0
    facts = [f for f in await world.facts() if f["type"] == "request.message_posted"]
    assert [f["payload"]["side"] for f in facts] == ["caisse", "partner"]
    assert "18 heures" not in str(facts)


async def test_a_message_that_asks_for_nothing_leaves_the_turn(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    ok(await world.act(adviser, taken, "messages", {"text": "Bien reçu.", "expects_answer": False}), 201)
    assert (await world.shown(partner, taken))["turn"] == "caisse"


async def test_a_caisse_may_show_its_agents(world: World, partner: Actor, adviser: Actor) -> None:
    await world.setting("311", "shows_agent_names", "true")
    taken = await world.taken(partner, adviser)
    ok(await world.act(adviser, taken, "messages", {"text": "Bonjour."}), 201)
    shown = await world.shown(partner, taken)
    assert shown["messages"][0]["author"] == adviser.sub
    assert shown["timeline"][-1]["actor"] == adviser.sub


async def test_only_the_adviser_in_charge_writes_and_reads_for_the_caisse(
    world: World, partner: Actor, adviser: Actor
) -> None:
    sent = await world.filed(partner)
    body = {"text": "Bonjour."}
    problem(await world.act(adviser, sent, "messages", body), 403, "forbidden")
    ok(await world.act(partner, sent, "messages", body), 201)
    problem(await world.act(adviser, sent, "read", None), 403, "forbidden")
    taken = ok(await world.act(adviser, sent, "take"))
    problem(await world.act(await world.adviser(), taken, "messages", body), 403, "forbidden")
    ok(await world.act(adviser, taken, "read", None))
    assert (await world.shown(adviser, taken))["unread"] == 0


async def test_nobody_outside_the_conversation_writes(world: World, partner: Actor, adviser: Actor) -> None:
    taken = await world.taken(partner, adviser)
    body = {"text": "Bonjour."}
    for stranger in (await world.structure(), await world.structure(caisse="811")):
        problem(await world.act(stranger, taken, "messages", body), 404, "request-not-found")
        problem(await world.act(stranger, taken, "read", None), 404, "request-not-found")
    other = await world.adviser(caisse="811")
    problem(await world.act(other, taken, "messages", body), 404, "request-not-found")
    problem(await world.act(other, taken, "read", None), 404, "request-not-found")
    problem(await world.client(None).post(f"{PARTNER}/{taken['id']}/messages", body), 401, "unauthenticated")
    problem(await world.client(None).post(f"{AGENT}/{taken['id']}/read"), 401, "unauthenticated")


async def test_a_conversation_ends_with_a_refusal_and_goes_on_after_acceptance(
    world: World, partner: Actor, adviser: Actor
) -> None:
    refused = await world.taken(partner, adviser)
    ok(await world.act(adviser, refused, "refuse", {"reason": "duplicate"}))
    problem(await world.act(partner, refused, "messages", {"text": "Pourquoi ?"}), 409, "transition-refused")
    accepted = await world.taken(partner, adviser, await world.person(partner, "Durand"))
    ok(await world.act(adviser, accepted, "accept", {}))
    ok(await world.act(partner, accepted, "messages", {"text": "Merci."}), 201)
    assert (await world.row(accepted))["turn"] == "nobody"


async def test_a_message_is_written_once(world: World, partner: Actor, adviser: Actor) -> None:
    taken, key = await world.taken(partner, adviser), uuid4()
    first = ok(await world.act(partner, taken, "messages", {"text": "Bonjour."}, key=key), 201)
    assert ok(await world.act(partner, taken, "messages", {"text": "Bonjour."}, key=key), 201) == first
    assert len((await world.shown(partner, taken))["messages"]) == 1


async def test_a_number_or_nothing_is_no_message(world: World, partner: Actor) -> None:
    sent = await world.filed(partner)
    for text in ("  ", "2 55 08 14 168 025 38", "x" * 2001):
        answer = await world.act(partner, sent, "messages", {"text": text})
        assert fields(problem(answer, 422, "invalid")) == {"text": None}
