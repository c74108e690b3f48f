import { Button, Checkbox, Group, NativeSelect } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconChecks } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useActive } from "../../api/active";
import {
  choices,
  type Kind,
  markRead,
  type Notification,
  notifications,
  numbers,
  refreshNotifications,
  type Side,
} from "../../api/notifications";
import { useCode } from "../../i18n/use-code";
import { formatInstant, formatRelative } from "../../lib/dates";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { EmptyState } from "../../ui/EmptyState";
import { Pager } from "../../ui/Pager";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import { Choices } from "./Choices";
import classes from "./Notifications.module.css";

const requests: Record<Side, string> = { partner: "/demandes", agent: "/files" };
const appointments: Record<Side, string> = { partner: "/rendez-vous", agent: "/agenda" };

const wayTo = (side: Side, row: Notification) =>
  row.appointment_id ? appointments[side] : `${requests[side]}/${row.request_id}`;

export default function NotificationsPage() {
  const { t } = useTranslation("notifications");
  const code = useCode();
  const side: Side = useActive().audience === "partner" ? "partner" : "agent";
  const queryClient = useQueryClient();
  const url = useUrlState();
  const known = useQuery(choices(side));
  const kinds = known.data?.map((choice) => choice.kind) ?? [];
  const filters = {
    unread: url.get("non-lues") === "oui" || undefined,
    kind: url.oneOf<Kind>("objet", kinds),
    cursor: url.get("page"),
  };
  const list = useQuery(notifications(side, filters));
  const rows = list.data?.items ?? [];
  const ids = [...new Set(rows.flatMap((row) => row.request_id ?? []))].sort();
  const known_numbers = useQuery(numbers(side, ids));
  const numberOf = new Map(known_numbers.data?.map((one) => [one.id, one.number]));
  const read = useMutation({
    mutationFn: (some: string[] | null) => markRead(side, some),
    onSuccess: (answer, some) => {
      if (some === null) announce(t("all_read", { count: answer.count }));
      return refreshNotifications(queryClient);
    },
  });
  return (
    <>
      <PageTitle
        aside={
          <Button
            variant="default"
            leftSection={<IconChecks size={20} aria-hidden />}
            loading={read.isPending}
            onClick={() => read.mutate(null)}
          >
            {t("read_all")}
          </Button>
        }
      >
        {t("title")}
      </PageTitle>
      <div className={classes.page}>
        <Group gap="md" align="end">
          <NativeSelect
            label={t("filter.kind")}
            value={filters.kind ?? ""}
            onChange={(event) => url.set({ objet: event.currentTarget.value || undefined, page: undefined })}
          >
            <option value="">{t("filter.every")}</option>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {code("notification_kind", kind)}
              </option>
            ))}
          </NativeSelect>
          <Checkbox
            label={t("filter.unread")}
            checked={filters.unread ?? false}
            onChange={(event) => url.set({ "non-lues": event.currentTarget.checked ? "oui" : undefined, page: undefined })}
          />
        </Group>
        <ProblemSummary problem={read.error && asProblem(read.error)} />
        {list.isPending && <Waiting rows={6} />}
        {list.isError && <ProblemScreen error={list.error} retry={() => void list.refetch()} />}
        {list.data && rows.length === 0 && <EmptyState title={t("none")}>{t("none_detail")}</EmptyState>}
        {rows.length > 0 && (
          <ul className={classes.list}>
            {rows.map((row) => (
              <Line key={row.id} row={row} to={wayTo(side, row)} number={row.request_id ? numberOf.get(row.request_id) : undefined} onRead={() => read.mutate([row.id])} />
            ))}
          </ul>
        )}
        {rows.length > 0 && <Pager shown={rows.length} next={list.data?.next_cursor ?? null} />}
        <Panel title={t("choices.title")}>
          {known.isPending && <Waiting rows={4} />}
          {known.data && <Choices side={side} chosen={known.data} />}
        </Panel>
      </div>
    </>
  );
}

type LineProps = { row: Notification; to: string; number: string | undefined; onRead: () => void };

function Line({ row, to, number, onRead }: LineProps) {
  const { t } = useTranslation("notifications");
  const kind = useCode()("notification_kind", row.kind);
  const isNew = row.read_at === null;
  return (
    <li className={classes.line} data-unread={isNew || undefined}>
      <div>
        <Link to={to} onClick={() => isNew && onRead()}>
          {kind}
        </Link>
        {isNew && <span className={classes.new}>{t("new")}</span>}
        <div className={classes.quiet}>
          {number && <span className="figures">{number} · </span>}
          <time dateTime={row.at} title={formatInstant(row.at)}>
            {formatRelative(row.at)}
          </time>
        </div>
      </div>
      {isNew && (
        <Button variant="subtle" size="sm" onClick={onRead} aria-label={t("read_one", { kind, number: number ?? "" })}>
          {t("read")}
        </Button>
      )}
    </li>
  );
}
