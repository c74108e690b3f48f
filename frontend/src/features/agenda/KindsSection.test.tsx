import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";

import { path, problem } from "../../testing/answers";
import { renderRoutes } from "../../testing/render";
import { server } from "../../testing/server";
import type { Kind } from "./api";
import { KindsSection } from "./KindsSection";

const kind: Kind = {
  id: "k",
  version: 1,
  label: "Bilan",
  mode: "office",
  minutes: 30,
  interpreter_minutes: 15,
  accessibility_minutes: 15,
  notice_hours: 48,
  horizon_days: 60,
  calendars: ["adviser"],
  open_to_partners: false,
  active: true,
};

test("a kind that may not be archived says why, and the dialog closes once it may", async () => {
  let refused = true;
  server.use(
    http.put(path("accompaniments/agent/kinds/k"), () => (refused ? problem(409, "in-use") : HttpResponse.json(kind))),
  );
  renderRoutes([{ path: "/", element: <KindsSection kinds={[kind]} mayManage /> }]);
  await userEvent.click(await screen.findByRole("button", { name: /^Archiver.: Bilan$/ }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("button", { name: "Archiver" }));
  expect(await within(dialog).findByRole("alert")).toHaveTextContent("Voici pourquoi.");
  refused = false;
  await userEvent.click(within(dialog).getByRole("button", { name: "Archiver" }));
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
});
