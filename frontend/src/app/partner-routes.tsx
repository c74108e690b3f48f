import { Navigate, type RouteObject, useParams } from "react-router";

import { page } from "./page";

function FirstStep() {
  const { requestId } = useParams();
  return <Navigate to={`/saisine/${requestId}/situation`} replace />;
}

export const partnerRoutes: RouteObject[] = [
  page("/accueil", () => import("../features/partner-home/PartnerHomePage"), "partner-home", "glossary"),
  page("/demandes", () => import("../features/my-requests/MyRequestsPage"), "my-requests", "works"),
  page("/demandes/import", () => import("../features/works/ImportRequestsPage"), "works"),
  page("/rendez-vous", () => import("../features/appointments/MyAppointmentsPage"), "appointments"),
  page("/rendez-vous/nouveau", () => import("../features/appointments/BookPage"), "appointments"),
  page("/demandes/:requestId", () => import("../features/request/RequestPage"), "request", "documents", "person"),
  page("/demandes/:requestId/transmis", () => import("../features/request/LedgerPage"), "request", "person"),
  page("/saisine", () => import("../features/misas-form/PersonPage"), "misas-form", "glossary"),
  page("/saisine/:requestId/envoyee", () => import("../features/misas-form/SentPage"), "misas-form"),
  {
    path: "/saisine/:requestId",
    children: [
      { index: true, Component: FirstStep },
      {
        ...page(undefined, () => import("../features/misas-form/DraftLayout"), "misas-form", "documents"),
        children: [
          page("situation", () => import("../features/misas-form/SituationPage")),
          page("accord", () => import("../features/misas-form/AgreementPage")),
          page("documents", () => import("../features/misas-form/DocumentsPage")),
          page("recapitulatif", () => import("../features/misas-form/SummaryPage")),
          page("fiche", () => import("../features/misas-form/SheetPage")),
        ],
      },
    ],
  },
];
