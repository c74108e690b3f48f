import { useTranslation } from "react-i18next";

import { fieldsOf, type PlainForm, valueOf } from "../../ui/forms/fields";
import { useFieldName } from "../../ui/forms/use-words";
import { useDraft } from "./draft-context";
import { FieldInput } from "./FieldInput";
import { MakeOrdinary } from "./MakeOrdinary";
import { StepFrame } from "./StepFrame";

/** What is asked in a request whose situation is a list of fields. */
export function PlainSituation({ form }: { form: PlainForm }) {
  const { t } = useTranslation("request-form");
  const name = useFieldName();
  const { change, request } = useDraft();
  const fields = fieldsOf(form);
  const names = Object.fromEntries(fields.map((field) => [field.name, name(form.kind, field.name)]));
  return (
    <StepFrame step="situation" title={t(`plain.${form.kind}`)} back="/demandes" next="agreement" fields={names}>
      {(errors) => (
        <>
          {fields.map((field) => (
            <FieldInput
              key={field.name}
              kind={form.kind}
              field={field}
              value={valueOf(form, field.name)}
              error={errors[field.name]}
              onChange={(value) => change({ [field.name]: value })}
            />
          ))}
          {request.abilities.make_ordinary && form.kind === "urgent" && form.urgent_type && <MakeOrdinary />}
        </>
      )}
    </StepFrame>
  );
}
