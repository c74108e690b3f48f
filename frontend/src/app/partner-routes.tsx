import { Navigate, type RouteObject, useParams } from "react-router";

import { page } from "./page";

function FirstStep() {
  const { requestId } = useParams();
  return <Navigate to={`/saisine/${requestId}/situation`} replace />;
}

const firstPage = (path: string) =>
  page(path, () => import("../features/request-form/PersonPage"), "request-form", "glossary");

export const partnerRoutes: RouteObject[] = [
  page("/accueil", () => import("../features/partner-home/PartnerHomePage"), "partner-home", "glossary"),
  page("/demandes", () => import("../features/my-requests/MyRequestsPage"), "my-requests", "works"),
  page("/demandes/import", () => import("../features/works/ImportRequestsPage"), "works"),
  page("/rendez-vous", () => import("../features/appointments/MyAppointmentsPage"), "appointments"),
  page("/rendez-vous/nouveau", () => import("../features/appointments/BookPage"), "appointments"),
  page("/demandes/:requestId", () => import("../features/request/RequestPage"), "request", "documents", "forms", "person"),
  page("/demandes/:requestId/transmis", () => import("../features/request/LedgerPage"), "request", "person"),
  firstPage("/saisine"),
  firstPage("/demarche/:slug"),
  page("/saisine/:requestId/envoyee", () => import("../features/request-form/SentPage"), "request-form"),
  {
    path: "/saisine/:requestId",
    children: [
      { index: true, Component: FirstStep },
      {
        ...page(undefined, () => import("../features/request-form/DraftLayout"), "request-form", "forms", "documents"),
        children: [
          page("situation", () => import("../features/request-form/SituationPage")),
          page("accord", () => import("../features/request-form/AgreementPage")),
          page("documents", () => import("../features/request-form/DocumentsPage")),
          page("recapitulatif", () => import("../features/request-form/SummaryPage")),
          page("fiche", () => import("../features/request-form/SheetPage")),
        ],
      },
    ],
  },
];
