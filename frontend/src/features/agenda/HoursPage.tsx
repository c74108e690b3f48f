import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { IconArrowLeft, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";

import { openingExceptionKindValues, openingExceptionReasonValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { todayIso } from "../../lib/dates";
import { asProblem } from "../../lib/problem";
import { announce } from "../../ui/Announcer";
import { Choice } from "../../ui/Choice";
import { DateField } from "../../ui/DateField";
import { PageTitle } from "../../ui/PageTitle";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { Waiting } from "../../ui/Waiting";
import classes from "./Agenda.module.css";
import { type Availability, type CalendarDetail, calendar, refreshAgenda, setAvailability } from "./api";

type Rule = Availability["rules"][number];
type Exception = NonNullable<Availability["exceptions"]>[number];

const weekdays = ["0", "1", "2", "3", "4", "5", "6"] as const;
const short = (time: string | null | undefined) => (time ?? "").slice(0, 5);

/** The hours of a calendar: the week, then the days that differ. Saved as a whole. */
export default function HoursPage() {
  const { t } = useTranslation("agenda");
  const { calendarId } = useParams();
  const shown = useQuery({ ...calendar(calendarId!), refetchOnWindowFocus: false });
  return (
    <>
      <PageTitle
        aside={
          <Button
            variant="default"
            component={Link}
            to={`/agenda?agenda=${calendarId}`}
            leftSection={<IconArrowLeft size={20} aria-hidden />}
          >
            {t("hours.back")}
          </Button>
        }
      >
        {shown.data ? t("hours.title", { calendar: shown.data.label }) : t("hours.act")}
      </PageTitle>
      {shown.isPending && <Waiting rows={6} />}
      {shown.isError && <ProblemScreen error={shown.error} retry={() => void shown.refetch()} back="/agenda" />}
      {shown.data && <Hours key={shown.data.version} shown={shown.data} />}
    </>
  );
}

function Hours({ shown }: { shown: CalendarDetail }) {
  const { t } = useTranslation("agenda");
  const queryClient = useQueryClient();
  const [rules, setRules] = useState<Rule[]>(shown.rules);
  const [exceptions, setExceptions] = useState<Exception[]>(shown.exceptions);
  const act = useMutation({
    mutationFn: () => setAvailability(shown, { rules, exceptions }),
    onSuccess: async () => {
      announce(t("hours.done"));
      await refreshAgenda(queryClient);
    },
  });
  const rule = (n: number, change: Partial<Rule>) =>
    setRules(rules.map((one, at) => (at === n ? { ...one, ...change } : one)));
  const exception = (n: number, change: Partial<Exception>) =>
    setExceptions(exceptions.map((one, at) => (at === n ? { ...one, ...change } : one)));
  return (
    <Stack gap="lg">
      <ProblemSummary problem={act.error && asProblem(act.error)} />
      <Panel title={t("hours.week")}>
        <p>{t("hours.week_detail")}</p>
        {rules.map((one, n) => (
          <div key={n} role="group" aria-label={t("hours.rule", { number: n + 1 })} className={classes.row}>
            <Choice
              id={`weekday-${n}`}
              label={t("hours.weekday")}
              value={String(one.weekday) as (typeof weekdays)[number]}
              values={weekdays}
              labelOf={(day) => t(`weekday.${day}`)}
              onChange={(day) => day && rule(n, { weekday: Number(day) })}
            />
            <TextInput
              id={`from-${n}`}
              type="time"
              step={300}
              label={t("hours.from")}
              value={short(one.from_time)}
              onChange={(event) => rule(n, { from_time: event.currentTarget.value })}
            />
            <TextInput
              id={`until-${n}`}
              type="time"
              step={300}
              label={t("hours.until")}
              value={short(one.until_time)}
              onChange={(event) => rule(n, { until_time: event.currentTarget.value })}
            />
            <DateField
              id={`from-on-${n}`}
              label={t("hours.from_on")}
              value={one.from_on}
              onChange={(day) => day && rule(n, { from_on: day })}
            />
            <DateField
              id={`until-on-${n}`}
              label={t("hours.until_on")}
              value={one.until_on}
              onChange={(day) => rule(n, { until_on: day })}
            />
            <Button
              variant="subtle"
              aria-label={t("hours.remove_rule", { number: n + 1 })}
              onClick={() => setRules(rules.filter((_, at) => at !== n))}
            >
              <IconTrash size={20} aria-hidden />
            </Button>
          </div>
        ))}
        <Button
          mt="md"
          variant="default"
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() =>
            setRules([
              ...rules,
              { weekday: 0, from_time: "09:00", until_time: "12:00", from_on: todayIso(), until_on: null },
            ])
          }
        >
          {t("hours.add_rule")}
        </Button>
      </Panel>
      <Panel title={t("hours.exceptions")}>
        <p>{t("hours.exceptions_detail")}</p>
        {exceptions.map((one, n) => (
          <ExceptionRow
            key={n}
            n={n}
            one={one}
            onChange={(change) => exception(n, change)}
            onRemove={() => setExceptions(exceptions.filter((_, at) => at !== n))}
          />
        ))}
        <Button
          mt="md"
          variant="default"
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() =>
            setExceptions([
              ...exceptions,
              {
                kind: "closed",
                reason: "leave",
                from_on: todayIso(),
                until_on: todayIso(),
                from_time: null,
                until_time: null,
              },
            ])
          }
        >
          {t("hours.add_exception")}
        </Button>
      </Panel>
      <Group>
        <Button loading={act.isPending} onClick={() => act.mutate()}>
          {t("hours.save")}
        </Button>
      </Group>
    </Stack>
  );
}

type RowProps = { n: number; one: Exception; onChange: (change: Partial<Exception>) => void; onRemove: () => void };

function ExceptionRow({ n, one, onChange, onRemove }: RowProps) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  return (
    <div
      role="group"
      aria-label={t("hours.exception", { number: n + 1 })}
      className={`${classes.row} ${classes.exception}`}
    >
      <Choice
        id={`kind-${n}`}
        label={t("hours.kind")}
        value={one.kind}
        values={openingExceptionKindValues}
        labelOf={(kind) => code("opening_exception_kind", kind)}
        onChange={(kind) => kind && onChange({ kind })}
      />
      <Choice
        id={`reason-${n}`}
        label={t("hours.reason")}
        value={one.reason}
        values={openingExceptionReasonValues}
        labelOf={(reason) => code("opening_exception_reason", reason)}
        onChange={(reason) => reason && onChange({ reason })}
      />
      <DateField
        id={`exception-from-${n}`}
        label={t("hours.from_on")}
        value={one.from_on}
        onChange={(day) => day && onChange({ from_on: day })}
      />
      <DateField
        id={`exception-until-${n}`}
        label={t("hours.until_on")}
        value={one.until_on}
        onChange={(day) => day && onChange({ until_on: day })}
      />
      <TextInput
        id={`exception-start-${n}`}
        type="time"
        label={t("hours.from")}
        value={short(one.from_time)}
        onChange={(event) => onChange({ from_time: event.currentTarget.value || null })}
      />
      <TextInput
        id={`exception-end-${n}`}
        type="time"
        label={t("hours.until")}
        value={short(one.until_time)}
        onChange={(event) => onChange({ until_time: event.currentTarget.value || null })}
      />
      <Button
        variant="subtle"
        aria-label={t("hours.remove_exception", { number: n + 1 })}
        onClick={onRemove}
      >
        <IconTrash size={20} aria-hidden />
      </Button>
    </div>
  );
}
