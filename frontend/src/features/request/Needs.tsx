import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { Panel } from "../../ui/Panel";
import { AmendNeeds } from "../../ui/person/AmendNeeds";
import { NeedsList } from "../../ui/person/PersonNeeds";
import { amendContact, person, refreshRequests } from "./api";

/** What the person asks for; the structure keeps it up to date until the caisse takes over. */
export function Needs({ personId }: { personId: string }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const known = useQuery({ ...person(personId), refetchOnWindowFocus: false }).data;
  if (!known) return null;
  return (
    <Panel title={t("person_needs.title_needs")}>
      <NeedsList known={known.contact} />
      {known.abilities.amend && (
        <AmendNeeds
          contact={known.contact}
          amend={(contact) => amendContact(known, contact)}
          onDone={() => refreshRequests(queryClient)}
        />
      )}
    </Panel>
  );
}
