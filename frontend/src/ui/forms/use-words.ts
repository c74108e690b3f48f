import { useTranslation } from "react-i18next";

import type { RequestKind } from "../../api/forms";
import { useCode } from "../../i18n/use-code";
import { formatDay } from "../../lib/dates";
import { type Field, isBlank, type PlainKind } from "./fields";

/** Name of a field of a kind, as read beside its answer. */
export function useFieldName(): (kind: RequestKind, name: string) => string {
  const { t } = useTranslation("forms");
  return (kind, name) => t(`${kind as PlainKind}.${name}.name` as never);
}

/** What was answered to a field, in words; one line a value, none when nothing was. */
export function useFieldWords(): (field: Field, value: unknown) => string[] {
  const { t } = useTranslation("forms");
  const code = useCode();
  return (field, value) => {
    if (isBlank(value)) return [];
    switch (field.type) {
      case "choice":
      case "select":
        return [code(field.list, value as string)];
      case "several":
        return (value as string[]).map((one) => code(field.list, one));
      case "date":
        return [formatDay(value as string)];
      case "yes_no":
      case "tick":
        return [t(value === true ? "yes" : "no")];
      case "request":
        return [t("earlier_request")];
      default:
        return [String(value)];
    }
  };
}
