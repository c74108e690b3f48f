import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { CompareVersions } from "../../ui/CompareVersions";
import { type Draft, draft, type MisasForm } from "./api";
import { useDraft } from "./draft-context";
import { emptyForm } from "./empty-form";

/** Somebody of the structure changed the same draft: show both, let the person choose, lose nothing. */
export function Conflict() {
  const { t } = useTranslation("misas-form");
  const queryClient = useQueryClient();
  const { status, form, saver, request } = useDraft();
  const [theirs, setTheirs] = useState<Draft | null>(null);
  const words = useWords();

  useEffect(() => {
    if (status !== "conflict") return;
    const { queryKey, queryFn } = draft(request.id);
    void queryClient.fetchQuery({ queryKey, queryFn, staleTime: 0 }).then(setTheirs);
  }, [status, request.id, queryClient]);

  if (status !== "conflict" || !theirs) return null;
  const other = theirs.form ?? emptyForm;
  const names = (Object.keys(emptyForm) as (keyof MisasForm)[]).filter(
    (name) => JSON.stringify(form[name]) !== JSON.stringify(other[name]),
  );
  return (
    <CompareVersions
      differences={names.map((name) => ({
        name,
        label: t(`fields.${name}`),
        mine: words(name, form),
        theirs: words(name, other),
      }))}
      onChosen={(kept) => {
        const chosen = Object.fromEntries(names.filter((name) => kept[name] !== "mine").map((name) => [name, other[name]]));
        saver.rebase(theirs.version, { ...form, ...chosen });
        setTheirs(null);
      }}
    />
  );
}

/** A field of the form as one line of text. */
function useWords() {
  const code = useCode();
  return (name: keyof MisasForm, form: MisasForm): string => {
    switch (name) {
      case "scopes":
        return form.scopes.map((one) => code("referral_scope", one)).join(", ");
      case "motives":
        return form.motives.map((one) => code("referral_motive", one)).join(", ");
      case "renounced_care":
        return form.renounced_care
          .map((care) =>
            [care.care_type && code("care_type", care.care_type), care.reasons.map((one) => code("renunciation_reason", one)).join(", ")]
              .filter(Boolean)
              .join(" : "),
          )
          .join(" ; ");
      case "informed":
        return [
          form.informed.informed_on && formatDay(form.informed.informed_on),
          form.informed.channel && code("agreement_channel", form.informed.channel),
        ]
          .filter(Boolean)
          .join(", ");
      default:
        return form[name] ?? "";
    }
  };
}
