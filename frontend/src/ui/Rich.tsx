import type { ReactElement } from "react";
import { Trans } from "react-i18next";

import { Terme } from "./Terme";

/** A text of the catalogue that may hold `<terme>MisAS</terme>`, `<b>…</b>` and the components given. */
export function Rich({
  text,
  components,
}: {
  text: string;
  components?: Record<string, ReactElement>;
}) {
  return (
    <Trans
      defaults={text}
      components={{ terme: <TermeInText />, b: <strong />, ...components }}
      // The text is already translated: only its tags are to be read.
      t={((key: string, options?: { defaultValue?: string }) => options?.defaultValue ?? key) as never}
    />
  );
}

function TermeInText({ children }: { children?: string | string[] }) {
  return <Terme>{Array.isArray(children) ? children.join("") : (children ?? "")}</Terme>;
}
