import { createBrowserRouter, type RouteObject } from "react-router";

import { loadCatalogue } from "../i18n";
import { Crash } from "./Crash";
import { Home } from "./Home";
import { Root } from "./Root";
import { Waiting } from "../ui/Waiting";

type Page = () => Promise<{ default: React.ComponentType }>;

/** A route whose code and catalogues arrive together, when it is visited. */
function page(path: string, load: Page, ...catalogues: string[]): RouteObject {
  return {
    path,
    lazy: async () => {
      const [module] = await Promise.all([load(), loadCatalogue(...catalogues)]);
      return { Component: module.default };
    },
  };
}

const textPage = (path: string, name: "help" | "legal" | "accessibility" | "privacy"): RouteObject =>
  page(
    path,
    async () => {
      const { TextPage } = await import("../features/pages/TextPage");
      return { default: () => <TextPage name={name} /> };
    },
    "pages",
  );

const textPages = [
  textPage("/aide", "help"),
  textPage("/mentions-legales", "legal"),
  textPage("/accessibilite", "accessibility"),
  textPage("/donnees-personnelles", "privacy"),
];

export const routes: RouteObject[] = [
  {
    Component: Root,
    ErrorBoundary: Crash,
    HydrateFallback: Waiting,
    children: [
      { index: true, Component: Home },
      {
        lazy: async () => ({ Component: (await import("./PublicShell")).PublicShell }),
        children: [
          page("/connexion", () => import("../features/sign-in/SignInPage"), "sign-in"),
          page("/invitation", () => import("../features/sign-in/InvitationPage"), "sign-in"),
          page("/mot-de-passe-oublie", () => import("../features/sign-in/ForgottenPage"), "sign-in"),
          page("/mot-de-passe", () => import("../features/sign-in/ResetPage"), "sign-in"),
          ...textPages,
        ],
      },
      {
        lazy: async () => ({ Component: (await import("./SignedShell")).SignedShell }),
        ErrorBoundary: Crash,
        children: [
          page("/compte", () => import("../features/account/AccountPage"), "account"),
          { path: "*", lazy: async () => ({ Component: (await import("./Lost")).Lost }) },
        ],
      },
    ],
  },
];

export const makeRouter = () => createBrowserRouter(routes);
