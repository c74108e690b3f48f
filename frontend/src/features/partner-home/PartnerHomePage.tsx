import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { useActive } from "../../api/active";
import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { Waiting } from "../../ui/Waiting";
import { Answers } from "./Answers";
import { home, offers } from "./api";
import { Counts } from "./Counts";
import classes from "./PartnerHome.module.css";
import { OtherRole } from "./OtherRole";
import { Recent } from "./Recent";
import { Urgent } from "./Urgent";
import { WaitingForMe } from "./WaitingForMe";

export default function PartnerHomePage() {
  const { t } = useTranslation("partner-home");
  const overview = useQuery(home());
  const follows = useActive().role === "partner_user";
  const open = useQuery({ ...offers(), enabled: follows });
  const booking = (open.data?.places.length ?? 0) > 0;
  return (
    <>
      <PageTitle aside={follows && <Button variant="default" component={Link} to="/orientation">{t("orient")}</Button>}>
        {t(follows ? "question" : "title")}
      </PageTitle>
      {follows ? <Answers delays={overview.data?.delays} booking={booking} /> : <OtherRole />}
      <Urgent delays={overview.data?.delays} follows={follows} />
      {overview.isPending && <Waiting rows={5} />}
      {overview.isError && <ProblemScreen error={overview.error} retry={() => void overview.refetch()} />}
      {overview.data && !follows && (
        <div className={classes.alone}>
          <Counts counts={overview.data.counts} linked={false} />
        </div>
      )}
      {overview.data && follows && (
        <div className={classes.below}>
          <WaitingForMe rows={overview.data.waiting_for_me} />
          <div className={classes.side}>
            <Counts counts={overview.data.counts} linked />
            <Recent rows={overview.data.recent} />
          </div>
        </div>
      )}
    </>
  );
}
