import { useTranslation } from "react-i18next";

import type codes from "./fr/codes.json";

export type CodeList = keyof typeof codes;

/** French label of a code of a closed list. A test holds that every code of the contracts has one. */
export function useCode(): (list: CodeList, code: string) => string {
  const { t } = useTranslation("codes");
  return (list, code) => t(`${list}.${code}` as never);
}
