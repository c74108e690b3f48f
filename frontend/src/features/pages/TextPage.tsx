import { useTranslation } from "react-i18next";

import { PageTitle } from "../../ui/PageTitle";
import classes from "./TextPage.module.css";

type Section = { title: string; body: string[] };
type Content = { title: string; intro?: string; sections: Section[] };

/** A page of plain text from the catalogue: help, legal notice, accessibility, personal data. */
export function TextPage({ name }: { name: "help" | "legal" | "accessibility" | "privacy" }) {
  const { t } = useTranslation("pages");
  const content = t(name, { returnObjects: true }) as Content;
  return (
    <article className={classes.text}>
      <PageTitle below={content.intro}>{content.title}</PageTitle>
      {content.sections.map((section) => (
        <section key={section.title}>
          <h2>{section.title}</h2>
          {section.body.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </section>
      ))}
    </article>
  );
}
