import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import type { AnyForm } from "../../api/forms";
import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { CompareVersions } from "../../ui/CompareVersions";
import { fieldsOf, isPlain, valueOf } from "../../ui/forms/fields";
import { useFieldName, useFieldWords } from "../../ui/forms/use-words";
import { type Draft, draft } from "./api";
import { useDraft } from "./draft-context";
import { voiceOf } from "./kinds";

/** Somebody of the structure changed the same draft: show both, let the person choose, lose nothing. */
export function Conflict() {
  const queryClient = useQueryClient();
  const { status, form, saver, request } = useDraft();
  const [theirs, setTheirs] = useState<Draft | null>(null);
  const words = useWords();
  const label = useLabel();

  useEffect(() => {
    if (status !== "conflict") return;
    const { queryKey, queryFn } = draft(request.id);
    void queryClient.fetchQuery({ queryKey, queryFn, staleTime: 0 }).then(setTheirs);
  }, [status, request.id, queryClient]);

  const other = theirs?.form;
  // Sent or made ordinary meanwhile: the page that reads the draft anew shows it.
  if (status !== "conflict" || !theirs || !other || other.kind !== form.kind) return null;
  const names = Object.keys(form).filter(
    (name) => JSON.stringify(valueOf(form, name)) !== JSON.stringify(valueOf(other, name)),
  );
  return (
    <CompareVersions
      differences={names.map((name) => ({
        name,
        label: label(name, form),
        mine: words(name, form),
        theirs: words(name, other),
      }))}
      onChosen={(kept) => {
        const chosen = Object.fromEntries(
          names.filter((name) => kept[name] !== "mine").map((name) => [name, valueOf(other, name)]),
        );
        saver.rebase(theirs.version, { ...form, ...chosen });
        setTheirs(null);
      }}
    />
  );
}

function useLabel() {
  const { t } = useTranslation("request-form");
  const called = useFieldName();
  return (name: string, form: AnyForm): string => {
    if (name === "phone") return t(`agreement.phone_of.${voiceOf(form.kind)}`);
    if (name === "informed" || name === "best_time" || !isPlain(form)) return t(`fields.${name}` as never);
    return called(form.kind, name);
  };
}

/** A field of the form as one line of text. */
function useWords() {
  const code = useCode();
  const wordsOf = useFieldWords();
  return (name: string, form: AnyForm): string => {
    if (name === "informed") {
      const { informed_on, channel } = form.informed;
      return [informed_on && formatDay(informed_on), channel && code("agreement_channel", channel)].filter(Boolean).join(", ");
    }
    if (isPlain(form)) {
      const field = fieldsOf(form).find((one) => one.name === name);
      return field ? wordsOf(field, valueOf(form, name)).join(", ") : ((valueOf(form, name) as string | null) ?? "");
    }
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
      default:
        return (valueOf(form, name) as string | null) ?? "";
    }
  };
}
