import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useDirectory } from "../../api/partners";
import { formatDay } from "../../lib/dates";
import { useListKeys } from "../../ui/list-keys";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { myDay } from "./api";
import { DaySection } from "./DaySection";
import classes from "./MyDay.module.css";

/** What an agent sees to today: late, due today, to be read, waiting for a partner, new. Each count leads to its list. */
export default function MyDayPage() {
  const { t } = useTranslation("my-day");
  const day = useQuery(myDay());
  const { list } = useListKeys<HTMLDivElement>();
  const rows = day.data
    ? [
        day.data.overdue,
        day.data.due_today,
        day.data.to_read,
        day.data.waiting_partner,
        day.data.new_in_queues,
      ].flatMap((one) => one.items)
    : [];
  const names = useDirectory(rows.map((row) => row.structure_id));
  return (
    <>
      <PageTitle below={day.data && formatDay(day.data.today)}>{t("title")}</PageTitle>
      {day.isPending && <Waiting rows={8} />}
      {day.isError && <ProblemScreen error={day.error} retry={() => void day.refetch()} />}
      {day.data && (
        <div className={classes.sections} ref={list}>
          <DaySection name="overdue" section={day.data.overdue} names={names} to="/files?qui=me&echeance=overdue" />
          <DaySection name="due_today" section={day.data.due_today} names={names} to="/files?qui=me&echeance=today" />
          <DaySection name="to_read" section={day.data.to_read} names={names} to="/files?qui=me" />
          <DaySection
            name="waiting_partner"
            section={day.data.waiting_partner}
            names={names}
            to="/files?qui=me"
          />
          <DaySection name="new_in_queues" section={day.data.new_in_queues} names={names} to="/files?qui=none" />
        </div>
      )}
    </>
  );
}
