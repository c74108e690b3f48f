import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { AnyForm } from "../../api/forms";
import type { Problem } from "../../lib/problem";
import { emptyForm } from "../../testing/fixtures";
import { DraftSaver } from "./draft-saver";

type Sent = { version: number; form: AnyForm };

const refusal = (status: number): Problem => ({ type: `/problems/${status}`, title: "Refusé", status });

/** A server that keeps what it is sent, and refuses as told first. */
function saverWith(...refusals: Problem[]) {
  const sent: Sent[] = [];
  const saver = new DraftSaver(emptyForm, 1, async (version, form) => {
    sent.push({ version, form });
    const refused = refusals.shift();
    if (refused) throw refused;
    return Promise.resolve({ version: version + 1, warnings: [] });
  });
  return { saver, sent };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("what is typed in a row is sent once, then the next change under the new version", async () => {
  const { saver, sent } = saverWith();
  saver.change({ phone: "0" });
  saver.change({ phone: "06" });
  await vi.advanceTimersByTimeAsync(1000);
  saver.change({ best_time: "le matin" });
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent.map(({ version, form }) => [version, form.phone, form.best_time])).toEqual([
    [1, "06", null],
    [2, "06", "le matin"],
  ]);
  expect(saver.snapshot().status).toBe("saved");
});

test("what is typed during a save is sent after it", async () => {
  const { saver, sent } = saverWith();
  saver.change({ phone: "06" });
  const flushed = saver.flush();
  saver.change({ phone: "07" });
  await vi.advanceTimersByTimeAsync(2000);
  await flushed;
  expect(sent.map(({ form }) => form.phone)).toEqual(["06", "07"]);
});

test("a cut loses nothing: the same text goes again by itself", async () => {
  const { saver, sent } = saverWith(refusal(503));
  saver.change({ phone: "06" });
  await vi.advanceTimersByTimeAsync(1000);
  expect(saver.snapshot().status).toBe("retrying");
  await vi.advanceTimersByTimeAsync(6000);
  expect(sent.map(({ form }) => form.phone)).toEqual(["06", "06"]);
  expect(saver.snapshot().status).toBe("saved");
});

test("somebody else's change stops the saving until the person has chosen", async () => {
  const { saver, sent } = saverWith(refusal(412));
  saver.change({ phone: "06" });
  await vi.advanceTimersByTimeAsync(1000);
  expect(saver.snapshot()).toMatchObject({ status: "conflict", form: { phone: "06" } });
  saver.change({ best_time: "le soir" });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toHaveLength(1);
  saver.rebase(7, saver.snapshot().form);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent[1]).toMatchObject({ version: 7, form: { phone: "06", best_time: "le soir" } });
});

test("going on tells a refusal, and a corrected field loses its error", async () => {
  const { saver } = saverWith({ ...refusal(422), errors: [{ field: "phone", message: "Trop long." }] });
  saver.change({ phone: "0".repeat(40) });
  await expect(saver.flush()).rejects.toMatchObject({ status: 422 });
  expect(saver.snapshot().problem?.errors).toHaveLength(1);
  saver.change({ phone: "06" });
  expect(saver.snapshot().problem).toBeNull();
});
