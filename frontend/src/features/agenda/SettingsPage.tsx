import { Button, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconArrowLeft } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

import { PageTitle } from "../../ui/PageTitle";
import { ProblemScreen } from "../../ui/ProblemScreen";
import { useUrlState } from "../../ui/url-state";
import { Waiting } from "../../ui/Waiting";
import classes from "./Agenda.module.css";
import { calendars, kinds } from "./api";
import { CalendarsSection } from "./CalendarsSection";
import { KindsSection } from "./KindsSection";

/** What the caisse has booked and offers: calendars, then kinds of appointments. */
export default function SettingsPage() {
  const { t } = useTranslation("agenda");
  const url = useUrlState();
  const all = useQuery(calendars());
  const offered = useQuery(kinds());
  const archived = url.get("archives") === "oui";
  const error = all.error ?? offered.error;
  const again = () => {
    void all.refetch();
    void offered.refetch();
  };
  return (
    <>
      <PageTitle
        below={t("settings.intro")}
        aside={
          <Button
            variant="default"
            component={Link}
            to="/agenda"
            leftSection={<IconArrowLeft size={20} aria-hidden />}
          >
            {t("hours.back")}
          </Button>
        }
      >
        {t("settings.title")}
      </PageTitle>
      {error && <ProblemScreen error={error} retry={again} back="/agenda" />}
      {!error && (all.isPending || offered.isPending) && <Waiting rows={8} />}
      {all.data && offered.data && (
        <div className={classes.sections}>
          <Checkbox
            label={t("settings.archived")}
            checked={archived}
            onChange={(event) => url.set({ archives: event.currentTarget.checked ? "oui" : undefined })}
          />
          <CalendarsSection
            calendars={all.data.items.filter((one) => archived || one.active)}
            mayManage={all.data.may_manage}
          />
          <KindsSection
            kinds={offered.data.items.filter((one) => archived || one.active)}
            mayManage={all.data.may_manage}
          />
        </div>
      )}
    </>
  );
}
