import { isPlain } from "../../ui/forms/fields";
import { useDraft } from "./draft-context";
import { MisasSituation } from "./MisasSituation";
import { PlainSituation } from "./PlainSituation";

export default function SituationPage() {
  const { form } = useDraft();
  return isPlain(form) ? <PlainSituation form={form} /> : <MisasSituation />;
}
