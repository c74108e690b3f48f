import { Button, Checkbox, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { Schemas } from "../../api/client";
import { channelValues } from "../../api/schema";
import codes from "../../i18n/fr/codes.json";
import { useCode } from "../../i18n/use-code";
import { asProblem } from "../../lib/problem";
import { announce } from "../Announcer";
import { Choice } from "../Choice";
import { Confirm } from "../Confirm";
import { AccessFields } from "./AccessFields";
import classes from "./PersonNeeds.module.css";

type Contact = Schemas["Contact"];
type Props = { contact: Contact; amend: (contact: Schemas["ContactIn"]) => Promise<unknown>; onDone: () => Promise<unknown> };

/** Changes what the person asks for; the rest of the contact group goes back as it was. */
export function AmendNeeds(props: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="subtle"
        className="no-print"
        leftSection={<IconPencil size={18} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {t("person_needs.edit")}
      </Button>
      {open && <NeedsDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

const languages = Object.keys(codes.language);

function NeedsDialog({ contact, amend, onDone, onClose }: Props & { onClose: () => void }) {
  const { t } = useTranslation();
  const code = useCode();
  const [typed, setTyped] = useState(contact);
  const change = (changed: Partial<Contact>) => setTyped((before) => ({ ...before, ...changed }));
  const act = useMutation({
    mutationFn: () => amend({ ...typed, safe_hours: typed.safe_hours?.trim() || null }),
    onSuccess: async () => {
      onClose();
      announce(t("person_needs.saved"));
      await onDone();
    },
  });
  return (
    <Confirm
      opened
      title={t("person_needs.edit_title")}
      confirm={t("person_needs.save")}
      pending={act.isPending}
      problem={act.error && asProblem(act.error)}
      fields={{ contact: t("person_needs.channel"), "contact.safe_hours": t("person_needs.safe_hours") }}
      onConfirm={() => act.mutate()}
      onClose={onClose}
    >
      <p>{t("person_needs.edit_detail")}</p>
      <div className={classes.pair}>
        <Choice
          id="contact"
          label={t("person_needs.channel")}
          value={typed.preferred_channel}
          values={channelValues}
          labelOf={(one) => code("channel", one)}
          onChange={(preferred_channel) => preferred_channel && change({ preferred_channel })}
        />
        <Choice
          id="contact.language"
          label={t("person_needs.language")}
          value={typed.language}
          values={languages}
          labelOf={(one) => code("language", one)}
          onChange={(language) => language && change({ language })}
        />
      </div>
      <Checkbox
        label={t("person_needs.need_interpreter")}
        checked={typed.interpreter}
        onChange={(event) => change({ interpreter: event.currentTarget.checked })}
      />
      <AccessFields given={typed} onChange={change} />
      <TextInput
        id="contact.safe_hours"
        label={t("person_needs.safe_hours")}
        description={t("person_needs.safe_hours_help")}
        autoComplete="off"
        value={typed.safe_hours ?? ""}
        onChange={(event) => change({ safe_hours: event.currentTarget.value })}
      />
    </Confirm>
  );
}
