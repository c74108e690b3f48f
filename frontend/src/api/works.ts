import type { QueryClient } from "@tanstack/react-query";

import { client, type Schemas } from "./client";
import { told } from "./identity";

export type Side = "agent" | "partner";
export type Source = "partners" | "referrals";
/** A work, and the service that does it. */
export type Work = Schemas["WorkView"] & { source: Source };
export type Preview = Schemas["Preview"];
export type Receipt = Schemas["Receipt"];
export type ImportKind = "structures.import" | "requests.import" | "detections.import";
export type ExportKind = "structures.export" | "requests.export";
export type Format = "csv" | "xlsx";
export type ExportAsked = { reason: string; form: Format; since_on?: string | null };

export const LETTERS = "letters.batch";

const structureImports = "/api/v1/partners/agent/imports/structures";
const requestImports = "/api/v1/referrals/partner/imports/requests";
const detectionImports = "/api/v1/referrals/agent/imports/detections";
const structureExports = "/api/v1/partners/agent/exports/structures";
const requestExports = "/api/v1/referrals/partner/exports/requests";
const letterBatches = "/api/v1/referrals/agent/letter-batches";

/** The services whose works each side may ask for. */
const worksOf = {
  agent: { partners: "/api/v1/partners/agent/works", referrals: "/api/v1/referrals/agent/works" },
  partner: { referrals: "/api/v1/referrals/partner/works" },
} as const;

export const sourcesOf = (side: Side) => Object.keys(worksOf[side]) as Source[];
const pathOf = (side: Side, source: Source) => worksOf[side][source as "referrals"];

export const sideOf = (audience: string): Side => (audience === "partner" ? "partner" : "agent");
export const sourceOf = (kind: ImportKind): Source => (kind === "structures.import" ? "partners" : "referrals");

export const isUnderWay = (work: Pick<Work, "state">) => work.state === "waiting" || work.state === "running";

/** Asked again every second and a half as long as one of them moves. */
export const followed = (works: Work[]) => (works.some(isUnderWay) ? 1500 : false);

export async function someWorks(side: Side, source: Source, cursor: string | undefined) {
  const page = await told(client.GET(pathOf(side, source), { params: { query: { cursor } } }));
  return { works: page.items.map((work): Work => ({ ...work, source })), next: page.next_cursor };
}

export const workOf = (side: Side, source: Source, id: string) => ({
  queryKey: ["works", side, "one", id] as const,
  queryFn: async (): Promise<Work> => {
    const params = { path: { work_id: id } };
    return { ...(await told(client.GET(`${pathOf(side, source)}/{work_id}`, { params }))), source };
  },
  refetchInterval: ({ state }: { state: { data?: Work } }) => (state.data ? followed([state.data]) : false),
});

export const refreshWorks = (queryClient: QueryClient) => queryClient.invalidateQueries({ queryKey: ["works"] });

export const cancel = (side: Side, work: Work) =>
  told(client.POST(`${pathOf(side, work.source)}/{work_id}/cancel`, { params: { path: { work_id: work.id } } }));

/** The file goes as it is: the service tells what it is by its content, not by its name. */
const asFile = (file: File) => ({
  body: file as unknown as string,
  bodySerializer: (body: unknown) => body as BodyInit,
  headers: { "Content-Type": "application/octet-stream" },
});

/** Three imports with the same routes below their own: typed as one of them. */
const importsOf = {
  "structures.import": structureImports,
  "requests.import": requestImports,
  "detections.import": detectionImports,
} as const;
const pathOfImport = (kind: ImportKind) => importsOf[kind] as typeof detectionImports;

export const upload = (kind: ImportKind, file: File, mode: string): Promise<Receipt> =>
  told(client.POST(pathOfImport(kind), { params: { query: { mode } }, ...asFile(file) }));

export const preview = (kind: ImportKind, id: string) => ({
  queryKey: ["works", "preview", id] as const,
  queryFn: () => told(client.GET(`${pathOfImport(kind)}/{work_id}/preview`, { params: { path: { work_id: id } } })),
});

export const confirmImport = (kind: ImportKind, id: string, version: number): Promise<Receipt> =>
  told(
    client.POST(`${pathOfImport(kind)}/{work_id}/confirm`, {
      params: { path: { work_id: id } },
      headers: { "If-Match": `"${version}"` },
    }),
  );

export const template = (kind: ImportKind, form: Format): Promise<unknown> =>
  told(client.GET(`${pathOfImport(kind)}/template`, { params: { query: { form } }, parseAs: "blob" as const }));

/** The file that a work made. */
export function resultOf(work: Work): Promise<unknown> {
  const init = { params: { path: { work_id: work.id } }, parseAs: "blob" as const };
  switch (work.kind) {
    case "structures.export":
      return told(client.GET(`${structureExports}/{work_id}/file`, init));
    case LETTERS:
      return told(client.GET(`${letterBatches}/{work_id}/file`, init));
    default:
      return told(client.GET(`${requestExports}/{work_id}/file`, init));
  }
}

/** What a work could not do, with the reasons. */
export function refusedOf(work: Work): Promise<unknown> {
  const init = { params: { path: { work_id: work.id } }, parseAs: "blob" as const };
  if (work.kind === LETTERS) return told(client.GET(`${letterBatches}/{work_id}/refused`, init));
  return told(client.GET(`${pathOfImport(work.kind as ImportKind)}/{work_id}/corrections`, init));
}

export function startExport(kind: ExportKind, asked: ExportAsked): Promise<Receipt> {
  return kind === "structures.export"
    ? told(client.POST(structureExports, { body: { reason: asked.reason, form: asked.form } }))
    : told(client.POST(requestExports, { body: asked }));
}
