import type { QueryClient } from "@tanstack/react-query";

import { api, client, type Schemas } from "./client";
import { told } from "./identity";

export type Side = "partner" | "agent";
export type Notification = Schemas["NotificationOut"];
export type Kind = Notification["kind"];
export type Choice = Schemas["Choice"];
export type Filters = { unread?: boolean; kind?: Kind; cursor?: string };

const paths = {
  partner: "/api/v1/partners/partner/notifications",
  agent: "/api/v1/partners/agent/notifications",
} as const;

/** Asked again when the window comes back and each minute: what waits is worth no more. */
const often = { refetchInterval: 60_000, refetchOnWindowFocus: true, staleTime: 10_000 } as const;

export const unread = (side: Side) => ({
  queryKey: ["notifications", side, "unread"],
  queryFn: () =>
    told(side === "partner" ? client.GET(`${paths.partner}/unread`) : client.GET(`${paths.agent}/unread`)),
  ...often,
});

export const notifications = (side: Side, query: Filters) => ({
  queryKey: ["notifications", side, "list", query],
  queryFn: () => {
    const params = { params: { query } };
    return told(side === "partner" ? client.GET(paths.partner, params) : client.GET(paths.agent, params));
  },
});

export const choices = (side: Side) => ({
  queryKey: ["notifications", side, "choices"],
  queryFn: () =>
    told(side === "partner" ? client.GET(`${paths.partner}/choices`) : client.GET(`${paths.agent}/choices`)),
});

export const markRead = (side: Side, ids: string[] | null) => {
  const body = { body: { ids } };
  return told(side === "partner" ? client.POST(`${paths.partner}/read`, body) : client.POST(`${paths.agent}/read`, body));
};

export const choose = (side: Side, given: Choice[]) => {
  const body = { body: { choices: given } };
  return told(
    side === "partner" ? client.POST(`${paths.partner}/choices`, body) : client.POST(`${paths.agent}/choices`, body),
  );
};

export const numbers = (side: Side, ids: string[]) => ({
  queryKey: ["request-numbers", side, ids],
  queryFn: () => {
    const params = { params: { query: { ids } } };
    return told(
      side === "partner"
        ? client.GET("/api/v1/referrals/partner/request-numbers", params)
        : client.GET("/api/v1/referrals/agent/request-numbers", params),
    );
  },
  staleTime: 10 * 60_000,
  enabled: ids.length > 0,
});

export const undelivered = (cursor: string | undefined) =>
  api.queryOptions("get", "/api/v1/partners/agent/undelivered-mails", { params: { query: { cursor } } });

export const refreshNotifications = (queryClient: QueryClient) =>
  queryClient.invalidateQueries({ queryKey: ["notifications"] });
