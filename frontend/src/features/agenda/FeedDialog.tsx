import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { formatInstant } from "../../lib/dates";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Notice } from "../../ui/Notice";
import { ProblemSummary } from "../../ui/ProblemSummary";
import classes from "./Agenda.module.css";
import { type Calendar, calendar as detail, openFeed, refreshAgenda, revokeFeed } from "./api";

/** Secret addresses for a calendar program: shown once, closed at will. */
export function FeedDialog({ calendar, onClose }: { calendar: Calendar; onClose: () => void }) {
  const { t } = useTranslation("agenda");
  const queryClient = useQueryClient();
  const known = useQuery(detail(calendar.id));
  const open = useMutation({ mutationFn: () => openFeed(calendar.id), onSuccess: () => refreshAgenda(queryClient) });
  const revoke = useMutation({
    mutationFn: revokeFeed,
    onSuccess: async () => {
      announce(t("feed.revoked"));
      await refreshAgenda(queryClient);
    },
  });
  const failed = open.error ?? revoke.error;
  const feeds = (known.data?.feeds ?? []).filter((one) => one.mine || calendar.may_manage);
  return (
    <Modal opened onClose={onClose} title={t("feed.title")} size="lg" closeButtonProps={{ "aria-label": t("close") }}>
      <Stack gap="md">
        <ProblemSummary problem={failed && asProblem(failed)} />
        <p>{t("feed.detail", { calendar: calendar.label })}</p>
        {open.data ? (
          <Notice tone="turn" title={t("feed.once")}>
            <TextInput
              id="address"
              label={t("feed.address")}
              readOnly
              value={open.data}
              onFocus={(event) => event.currentTarget.select()}
            />
          </Notice>
        ) : (
          <Group>
            <Button loading={open.isPending} onClick={() => open.mutate()}>
              {t("feed.open")}
            </Button>
          </Group>
        )}
        {feeds.length > 0 && (
          <ul className={classes.list} aria-label={t("feed.known")}>
            {feeds.map((one) => (
              <li key={one.id}>
                <Group justify="space-between">
                  <span>{t("feed.one", { at: formatInstant(one.created_at) })}</span>
                  <Button variant="default" loading={revoke.isPending} onClick={() => revoke.mutate(one.id)}>
                    {t("feed.revoke")}
                  </Button>
                </Group>
              </li>
            ))}
          </ul>
        )}
      </Stack>
    </Modal>
  );
}
