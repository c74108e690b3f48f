import { useTranslation } from "react-i18next";

import type { Preview } from "../../api/works";
import classes from "./Works.module.css";

type Props = { caption: string; headings: string[]; rows: Preview["first"]; withProblems?: boolean };

/** Keeps French punctuation on the line of its word. */
const kept = (message: string) => message.replace(/ (?=[:;?!»])/g, "\u00a0");

/** Rows of a file as a spreadsheet has them, in a frame of their own that scrolls; the reasons come first. */
export function RowTable({ caption, headings, rows, withProblems = false }: Props) {
  const { t } = useTranslation("works");
  const filled = headings.map((_, column) => rows.some((row) => row.cells[column]));
  return (
    // Scrolled with the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a table wider than the phone is scrolled by keyboard
    <div className={classes.wide} tabIndex={0} role="region" aria-label={caption}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("line")}</th>
            {withProblems && <th scope="col">{t("why")}</th>}
            {headings.map((heading, column) => filled[column] && <th key={heading} scope="col">{heading}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line}>
              <th scope="row" className="figures">
                {row.line}
              </th>
              {withProblems && (
                <td>
                  <ul className={classes.problems}>
                    {row.problems.map((problem) => (
                      <li key={`${problem.column} ${problem.message}`}>
                        {problem.column
                          ? t("problem", { column: problem.column, message: kept(problem.message) })
                          : kept(problem.message)}
                      </li>
                    ))}
                  </ul>
                </td>
              )}
              {row.cells.map((cell, column) => filled[column] && <td key={headings[column]}>{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
