import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { todayIso } from "../../lib/dates";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { stops } from "./api";
import classes from "./Orientation.module.css";

/** For those who steer: what partners and agents were about to send to the wrong service, this year. */
export function Stops() {
  const { t } = useTranslation("orientation");
  const code = useCode();
  const today = todayIso();
  const found = useQuery(stops(`${today.slice(0, 4)}-01-01`, today));
  const rows = [...(found.data ?? [])].sort((one, other) => other.times - one.times);
  return (
    <Panel title={t("stops.title")} className={`${classes.stops} no-print`}>
      <p>{t("stops.intro")}</p>
      {found.isPending && <Waiting rows={4} />}
      {found.isError && <ProblemScreen error={found.error} retry={() => void found.refetch()} />}
      {found.data && (
        <DataTable
          caption={t("stops.title")}
          compact
          rows={rows}
          rowKey={(row) => row.motive}
          columns={[
            { key: "motive", header: t("stops.motive"), names: true, cell: (row) => code("refused_motive", row.motive) },
            { key: "times", header: t("stops.times"), shrink: true, cell: (row) => row.times },
          ]}
        />
      )}
    </Panel>
  );
}
