import { createBrowserRouter, type RouteObject } from "react-router";

import { Waiting } from "../ui/Waiting";
import { agentRoutes } from "./agent-routes";
import { Crash } from "./Crash";
import { Home } from "./Home";
import { page } from "./page";
import { partnerRoutes } from "./partner-routes";
import { Root } from "./Root";

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
          page("/demonstration/e-mails", () => import("../features/sign-in/OutboxPage"), "sign-in"),
          ...textPages,
        ],
      },
      {
        lazy: async () => ({ Component: (await import("./SignedShell")).SignedShell }),
        ErrorBoundary: Crash,
        children: [
          ...partnerRoutes,
          ...agentRoutes,
          page("/orientation", () => import("../features/orientation/OrientationPage"), "orientation"),
          page("/orientation/service-social", () => import("../features/orientation/MotivesPage"), "orientation"),
          page("/travaux", () => import("../features/works/WorksPage"), "works"),
          page("/notifications", () => import("../features/notifications/NotificationsPage"), "notifications"),
          page("/compte", () => import("../features/account/AccountPage"), "account"),
          { path: "*", lazy: async () => ({ Component: (await import("./Lost")).Lost }) },
        ],
      },
    ],
  },
];

export const makeRouter = () => createBrowserRouter(routes);
