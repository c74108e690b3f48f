import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";

import classes from "./Terme.module.css";

type Entry = { expansion: string; definition?: string };

/** An abbreviation of the glossary, explained on hover, on focus and to screen readers. */
export function Terme({ children, of = children }: { children: string; of?: string }) {
  const { t } = useTranslation("glossary");
  // Keys such as "AT/MP" or "Aller vers" are whole names: no path is read in them.
  const entry = t(of, { returnObjects: true, keySeparator: "|", nsSeparator: "||", defaultValue: "" }) as Entry | "";
  if (!entry) return children;
  const sameName = entry.expansion.toLocaleLowerCase("fr") === children.toLocaleLowerCase("fr");
  const text = [sameName ? null : entry.expansion, entry.definition].filter(Boolean).join(". ").replace("..", ".");
  return (
    <Tooltip label={text} multiline w={300} events={{ hover: true, focus: true, touch: true }} withArrow>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the explanation must be reachable by keyboard */}
      <abbr className={classes.term} tabIndex={0}>
        {children}
        <span className={classes.spoken}>{` (${text})`}</span>
      </abbr>
    </Tooltip>
  );
}
