import { Button, Group, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";

import { asProblem, fieldErrors } from "../../lib/problem";
import { Confirm } from "../../ui/Confirm";
import { ProblemSummary } from "../../ui/ProblemSummary";
import { type PersonSearch, registerPerson } from "./api";
import { ContactFields } from "./ContactFields";
import { DuplicateWarning } from "./DuplicateWarning";
import { HouseholdFields } from "./HouseholdFields";
import { IdentifierFields } from "./IdentifierFields";
import { IdentityFields } from "./IdentityFields";
import classes from "./RequestForm.module.css";
import { blankPerson, type PersonTyped, toPersonIn } from "./new-person";

type Props = {
  known: PersonSearch | null;
  starting: boolean;
  onReady: (personId: string) => void;
  onBack: () => void;
};

export type PartProps = {
  typed: PersonTyped;
  errors: Record<string, string>;
  change: (patch: Partial<PersonTyped>) => void;
};

/** A record for somebody the structure does not know yet. */
export function NewPerson({ known, starting, onReady, onBack }: Props) {
  const { t } = useTranslation("request-form");
  const [typed, setTyped] = useState(() => blankPerson(known));
  const [touched, setTouched] = useState(false);
  const register = useMutation({
    mutationFn: () => registerPerson(toPersonIn(typed)),
    onSuccess: (receipt) => {
      setTouched(false);
      if (receipt.duplicates.length === 0) onReady(receipt.id);
    },
  });
  const leaving = useBlocker(touched && !register.isSuccess);
  const problem = register.error ? asProblem(register.error) : null;
  const errors = fieldErrors(problem);
  const part: PartProps = {
    typed,
    errors,
    change: (patch) => {
      setTouched(true);
      setTyped((before) => ({ ...before, ...patch }));
    },
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        register.mutate();
      }}
    >
      <Stack gap={32}>
        <ProblemSummary problem={problem} fields={useFieldNames(typed.children.length)} />
        <IdentityFields {...part} />
        <IdentifierFields {...part} />
        <ContactFields {...part} />
        <HouseholdFields {...part} />
        <Group gap="xs" className={classes.bottom}>
          <Button
            type="submit"
            loading={register.isPending || starting}
            rightSection={<IconArrowRight size={20} aria-hidden />}
          >
            {t("person.register")}
          </Button>
          <Button variant="default" leftSection={<IconArrowLeft size={20} aria-hidden />} onClick={onBack}>
            {t("person.back")}
          </Button>
        </Group>
      </Stack>
      {register.data && register.data.duplicates.length > 0 && (
        <DuplicateWarning created={register.data} busy={starting} onChoose={onReady} />
      )}
      <Confirm
        opened={leaving.state === "blocked"}
        title={t("person.leave_title")}
        confirm={t("person.leave")}
        danger
        onConfirm={() => leaving.proceed?.()}
        onClose={() => leaving.reset?.()}
      >
        <p>{t("person.leave_detail")}</p>
      </Confirm>
    </form>
  );
}

function useFieldNames(children: number): Record<string, string> {
  const { t } = useTranslation("request-form");
  const ofChildren = Array.from({ length: children }, (_, at) => [
    `household.children.${at}.birth_on`,
    t("household.child", { number: at + 1 }),
  ]);
  return {
    first_names: t("identity.first_names"),
    last_name: t("identity.last_name"),
    birth_name: t("identity.birth_name"),
    birth_on: t("identity.birth_on"),
    birth_place: t("identity.birth_place"),
    "identifier.kind": t("identifier.title"),
    "identifier.value": t("identifier.title"),
    "identifier.none_reason": t("identifier.reason"),
    "contact.phone": t("contact.phone"),
    "contact.email": t("contact.email"),
    "contact.preferred_channel": t("contact.preferred_channel"),
    "contact.address.lines": t("contact.lines"),
    "contact.address.postcode": t("contact.postcode"),
    "contact.address.city": t("contact.city"),
    "household.adults": t("household.adults"),
    ...(Object.fromEntries(ofChildren) as Record<string, string>),
  };
}
