import type { RouteObject } from "react-router";

import { page } from "./page";

export const agentRoutes: RouteObject[] = [
  page("/e-mails-non-remis", () => import("../features/notifications/UndeliveredPage"), "notifications"),
  page("/modeles", () => import("../features/letter-templates/TemplatesPage"), "letter-templates"),
  page("/modeles/:kind/:language", () => import("../features/letter-templates/EditorPage"), "letter-templates"),
  page("/structures", () => import("../features/structures/StructuresPage"), "structures", "works"),
  page("/structures/import", () => import("../features/works/ImportStructuresPage"), "works"),
  page("/campagnes", () => import("../features/detections/CampaignsPage"), "detections"),
  page("/campagnes/:campaignId/import", () => import("../features/works/ImportDetectionsPage"), "works"),
  page("/detections", () => import("../features/detections/DetectionsPage"), "detections"),
  page("/detections/:detectionId", () => import("../features/detections/DetectionPage"), "detections"),
  page("/ma-journee", () => import("../features/my-day/MyDayPage"), "my-day"),
  page("/agenda", () => import("../features/agenda/AgendaPage"), "agenda"),
  page("/agenda/reglages", () => import("../features/agenda/SettingsPage"), "agenda"),
  page("/agenda/:calendarId/horaires", () => import("../features/agenda/HoursPage"), "agenda"),
  page("/files/:requestId/transmis", () => import("../features/referral-file/LedgerPage"), "referral-file", "person"),
  {
    ...page("/files", () => import("../features/queues/QueuesPage"), "queues", "works"),
    children: [page(":requestId", () => import("../features/referral-file/ReferralFilePage"), "referral-file", "glossary", "documents", "forms", "person")],
  },
];
