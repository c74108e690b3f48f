import i18n from "i18next";
import { initReactI18next } from "react-i18next";

import codes from "./fr/codes.json";
import common from "./fr/common.json";

/** Catalogues other than these two arrive with the route that needs them. */
const files = import.meta.glob<{ default: Record<string, unknown> }>([
  "./fr/*.json",
  "!./fr/common.json",
  "!./fr/codes.json",
]);

export async function loadCatalogue(...names: string[]): Promise<void> {
  await Promise.all(
    names
      .filter((name) => !i18n.hasResourceBundle("fr", name))
      .map(async (name) => {
        const load = files[`./fr/${name}.json`];
        if (!load) throw new Error(`No catalogue ${name}`);
        i18n.addResourceBundle("fr", name, (await load()).default);
      }),
  );
}

void i18n.use(initReactI18next).init({
  lng: "fr",
  fallbackLng: false,
  defaultNS: "common",
  resources: { fr: { codes, common } },
  interpolation: { escapeValue: false },
  returnNull: false,
  initAsync: false,
});

export default i18n;
