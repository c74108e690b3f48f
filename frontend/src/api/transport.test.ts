import { delay, http, HttpResponse } from "msw";
import { afterEach, expect, test } from "vitest";

import { path, problem } from "../testing/answers";
import { server } from "../testing/server";
import { client } from "./client";
import { answerInterruption, currentInterruption } from "./interruptions";

const post = (text: string) =>
  client.POST("/api/v1/referrals/partner/requests/{request_id}/messages", {
    params: { path: { request_id: "r" } },
    body: { text },
  });

const url = path("referrals/partner/requests/r/messages");
const created = () => HttpResponse.json({ id: "m", version: 1, state: null }, { status: 201 });

afterEach(() => answerInterruption(false));

/** Answers each call in turn, and keeps the keys that came. */
function answering(...answers: (() => Response)[]) {
  const keys: (string | null)[] = [];
  server.use(
    http.post(url, ({ request }) => {
      keys.push(request.headers.get("Idempotency-Key"));
      return (answers[keys.length - 1] ?? created)();
    }),
  );
  return keys;
}

test("an act cut short keeps its key until its outcome is known; the next act has another", async () => {
  const keys = answering(() => HttpResponse.error(), () => problem(503, "busy"), created, created);
  expect((await post("a")).error).toMatchObject({ type: "/problems/unreachable" });
  await post("a");
  await post("a");
  await post("a");
  expect(keys[0]).toBeTruthy();
  expect(keys.slice(0, 3)).toEqual([keys[0], keys[0], keys[0]]);
  expect(keys[3]).not.toBe(keys[0]);
});

test("every unsafe call carries the CSRF header; what is no act carries no key", async () => {
  const headers: Headers[] = [];
  server.use(
    http.post("*/api/v1/*", ({ request }) => {
      headers.push(request.headers);
      return HttpResponse.json({ items: [], more: false });
    }),
  );
  await client.POST("/api/v1/referrals/partner/persons/search", { body: { last_name: "del" } as never });
  expect(headers[0]?.get("X-CSRF")).toBe("1");
  expect(headers[0]?.get("Idempotency-Key")).toBeNull();
});

test("an expired session waits for a new sign-in, then the same act goes on with the same key", async () => {
  const keys = answering(() => problem(401, "session-required"), created);
  const answer = post("a");
  await expect.poll(currentInterruption).toBe("sign-in");
  answerInterruption(true);
  expect((await answer).data).toEqual({ id: "m", version: 1, state: null });
  expect(keys[1]).toBe(keys[0]);
});

test("several calls stopped at once share one dialog; giving up shows the refusal", async () => {
  server.use(
    http.get(path("referrals/agent/queues"), async () => {
      await delay(5);
      return problem(401, "session-required");
    }),
  );
  const both = Promise.all([1, 2].map(() => client.GET("/api/v1/referrals/agent/queues")));
  await expect.poll(currentInterruption).toBe("sign-in");
  answerInterruption(false);
  // The second call may ask again after the first answer: one refusal settles it too.
  await delay(20);
  answerInterruption(false);
  expect((await both).map(({ error }) => error)).toMatchObject([{ status: 401 }, { status: 401 }]);
});

test("what is no problem document becomes one", async () => {
  server.use(http.get(path("referrals/agent/queues"), () => new HttpResponse("<html>", { status: 502 })));
  expect((await client.GET("/api/v1/referrals/agent/queues")).error).toMatchObject({ status: 502, title: "Le service ne répond pas" });
});
