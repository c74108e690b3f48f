import type { Schemas } from "./client";

export type RequestKind = Schemas["RequestKind"];

/** Any form of the front door; its `kind` says which. */
export type AnyForm = NonNullable<Schemas["PartnerRequest"]["form"]>;
export type FormOf<Kind extends RequestKind> = Extract<AnyForm, { kind: Kind }>;
export type MisasForm = FormOf<"misas_referral">;

/** Where a request of each kind is begun. */
export const startPaths: Record<RequestKind, string> = {
  send_file: "/demarche/dossier",
  follow_up: "/demarche/suivi",
  misas_referral: "/saisine",
  appointment: "/demarche/rendez-vous",
  document: "/demarche/document",
  contact: "/demarche/contact",
  urgent: "/demarche/urgence",
  ss_referral: "/demarche/service-social",
};

/** The kind that a part of an address names; null for one that is none. */
export function kindOfSlug(slug: string | undefined): RequestKind | null {
  if (slug === undefined) return "misas_referral";
  const found = Object.entries(startPaths).find(([, path]) => path === `/demarche/${slug}`);
  return found ? (found[0] as RequestKind) : null;
}
