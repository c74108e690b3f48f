import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { Answers } from "./Answers";
import { home } from "./api";
import { Counts } from "./Counts";
import classes from "./PartnerHome.module.css";
import { Recent } from "./Recent";
import { Urgent } from "./Urgent";
import { WaitingForMe } from "./WaitingForMe";

export default function PartnerHomePage() {
  const { t } = useTranslation("partner-home");
  const overview = useQuery(home());
  return (
    <>
      <PageTitle>{t("question")}</PageTitle>
      <Answers delays={overview.data?.delays} />
      <Urgent />
      {overview.isPending && <Waiting rows={5} />}
      {overview.isError && <ProblemScreen error={overview.error} retry={() => void overview.refetch()} />}
      {overview.data && (
        <div className={classes.below}>
          <WaitingForMe rows={overview.data.waiting_for_me} />
          <div className={classes.side}>
            <Counts counts={overview.data.counts} />
            <Recent rows={overview.data.recent} />
          </div>
        </div>
      )}
    </>
  );
}
