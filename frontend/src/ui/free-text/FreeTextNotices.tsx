import { useDebouncedValue } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

import { type Passage, passagesOf, without } from "../../lib/free-text";
import { Passed } from "./Passed";
import { NumberNotice } from "./NumberNotice";

type Props = {
  text: string;
  onChange: (text: string) => void;
  /** Whom the text is about, where the writer may complete her record. */
  personId?: string;
};

const PAUSE = 500;

/** Beside a free text, once one stops typing: what has no place in it, and what to do about it. */
export function FreeTextNotices({ text, onChange, personId }: Props) {
  const { t } = useTranslation();
  const [settled] = useDebouncedValue(text, PAUSE);
  // What was just taken out goes at once; what is being typed waits until one stops.
  const shown = passagesOf(settled).filter((passage) => text.includes(passage.text));
  const words = [...new Set(shown.filter(({ what }) => what === "medical").map((passage) => passage.text))];
  const remove = (passage: Passage) => {
    const there = passagesOf(text).find((one) => one.text === passage.text);
    if (there) onChange(without(text, there));
  };
  return (
    <div aria-live="polite">
      {words.length > 0 && <Passed text={t("free_text.medical", { count: words.length, words: words.join(", ") })} />}
      {shown
        .filter(({ what }) => what === "iban" || what === "temporary")
        .map((passage) => (
          <Passed key={passage.start} text={t(`free_text.${passage.what}`)} onRemove={() => remove(passage)} />
        ))}
      {shown
        .filter(({ what }) => what === "number")
        .map((passage) => (
          <NumberNotice key={passage.start} passage={passage} personId={personId} onRemove={() => remove(passage)} />
        ))}
    </div>
  );
}
