import type { ReactNode, RefObject } from "react";

import classes from "./DataTable.module.css";

export type Column<Row> = {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** The column that names the row: its cell is the row's header. */
  names?: boolean;
  shrink?: boolean;
};

type Props<Row> = {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  current?: string;
  compact?: boolean;
  listRef?: RefObject<HTMLTableSectionElement | null>;
};

/** A table; below 48em each row becomes a card whose lines carry the column's name. */
export function DataTable<Row>({ caption, columns, rows, rowKey, current, compact = false, listRef }: Props<Row>) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} data-compact={compact || undefined}>
        <caption className={classes.caption}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-shrink={column.shrink || undefined}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={listRef}>
          {rows.map((row) => (
            <tr key={rowKey(row)} data-current={rowKey(row) === current || undefined}>
              {columns.map((column) => {
                const Cell = column.names ? "th" : "td";
                return (
                  <Cell key={column.key} scope={column.names ? "row" : undefined} data-label={column.header}>
                    {column.cell(row)}
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
