import { NumberInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { resourceActivityValues } from "../../api/schema";
import { useCode } from "../../i18n/use-code";
import { todayIso } from "../../lib/dates";
import { zoned } from "../../lib/zoned";
import { Choice } from "../../ui/Choice";
import { Confirm } from "../../ui/Confirm";
import { type Calendar, bookResource, calendars } from "./api";
import { DayAndTime } from "./DayAndTime";
import { useAct } from "./use-act";

type Props = { calendar: Calendar; from: string; onClose: () => void };

/** Books a room or a piece of equipment; let to somebody outside, it names the contract and the amount. */
export function BookResourceDialog({ calendar, from, onClose }: Props) {
  const { t } = useTranslation("agenda");
  const code = useCode();
  const zone = useQuery(calendars()).data?.time_zone ?? "Europe/Paris";
  const [day, setDay] = useState<string | null>(from > todayIso() ? from : todayIso());
  const [start, setStart] = useState("09:00");
  const [minutes, setMinutes] = useState(60);
  const [activity, setActivity] = useState<Schemas["ResourceActivity"]>();
  const [organisation, setOrganisation] = useState("");
  const [contract, setContract] = useState("");
  const [euros, setEuros] = useState(0);
  const act = useAct(bookResource, t("resource.done"), onClose);
  const rental = activity === "rental";
  return (
    <Confirm
      opened
      title={t("resource.title", { calendar: calendar.label })}
      confirm={t("resource.confirm")}
      disabled={!day || !start || !activity || (rental && (!organisation.trim() || !contract.trim()))}
      pending={act.isPending}
      problem={act.problem}
      onConfirm={() =>
        day &&
        activity &&
        act.mutate({
          calendar_id: calendar.id,
          starts_at: zoned(zone).instantOf(day, start),
          minutes,
          activity,
          rental: rental
            ? { organisation: organisation.trim(), contract_reference: contract.trim(), amount_cents: Math.round(euros * 100) }
            : null,
        })
      }
      onClose={onClose}
    >
      <Choice
        id="activity"
        label={t("resource.activity")}
        value={activity}
        values={resourceActivityValues}
        none={t("book.choose")}
        labelOf={(one) => code("resource_activity", one)}
        onChange={setActivity}
      />
      <DayAndTime day={day} time={start} onDay={setDay} onTime={setStart} />
      <NumberInput
        id="minutes"
        label={t("resource.minutes")}
        min={5}
        max={480}
        step={15}
        value={minutes}
        onChange={(value) => setMinutes(Number(value))}
      />
      {rental && (
        <>
          <TextInput
            id="organisation"
            label={t("resource.organisation")}
            value={organisation}
            onChange={(event) => setOrganisation(event.currentTarget.value)}
          />
          <TextInput
            id="contract"
            label={t("resource.contract")}
            value={contract}
            onChange={(event) => setContract(event.currentTarget.value)}
          />
          <NumberInput
            id="amount"
            label={t("resource.amount")}
            min={0}
            decimalScale={2}
            decimalSeparator=","
            value={euros}
            onChange={(value) => setEuros(Number(value))}
          />
        </>
      )}
    </Confirm>
  );
}
