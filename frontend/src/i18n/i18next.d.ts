import "i18next";

import type account from "./fr/account.json";
import type codes from "./fr/codes.json";
import type common from "./fr/common.json";
import type glossary from "./fr/glossary.json";
import type pages from "./fr/pages.json";
import type signIn from "./fr/sign-in.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: {
      account: typeof account;
      codes: typeof codes;
      common: typeof common;
      glossary: typeof glossary;
      pages: typeof pages;
      "sign-in": typeof signIn;
    };
  }
}
