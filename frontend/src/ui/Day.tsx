import { formatDay, formatInstant, formatRelative } from "../lib/dates";
import classes from "./Day.module.css";

type Props = { value: string; withRelative?: boolean; stacked?: boolean };

/** `12 mars 2026`, with `dans 3 jours` beside it. */
export function Day({ value, withRelative = true, stacked = false }: Props) {
  return <When value={value} text={formatDay(value)} withRelative={withRelative} stacked={stacked} />;
}

/** `12 mars 2026 à 14 h 05`, with `il y a 2 heures` beside it. */
export function Moment({ value, withRelative = true, stacked = false }: Props) {
  return <When value={value} text={formatInstant(value)} withRelative={withRelative} stacked={stacked} />;
}

function When({ value, text, withRelative, stacked }: Required<Props> & { text: string }) {
  return (
    <time dateTime={value} className={stacked ? classes.stacked : undefined}>
      {text}
      {withRelative && (
        <span className={classes.relative}>{stacked ? formatRelative(value) : ` (${formatRelative(value)})`}</span>
      )}
    </time>
  );
}
