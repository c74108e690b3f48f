import type { QueryClient } from "@tanstack/react-query";

import { client, type Schemas } from "./client";
import { told } from "./identity";

export type Work = Schemas["WorkView"];
export type Preview = Schemas["Preview"];
export type Receipt = Schemas["Receipt"];
export type Side = "agent" | "partner";
export type ImportKind = "structures.import" | "requests.import";
export type ExportKind = "structures.export" | "requests.export";
export type Format = "csv" | "xlsx";

const structureImports = "/api/v1/partners/agent/imports/structures";
const requestImports = "/api/v1/referrals/partner/imports/requests";
const structureExports = "/api/v1/partners/agent/exports/structures";
const requestExports = "/api/v1/referrals/partner/exports/requests";
const agentWorks = "/api/v1/partners/agent/works";
const partnerWorks = "/api/v1/referrals/partner/works";

export const sideOf = (audience: string): Side => (audience === "partner" ? "partner" : "agent");

const isUnderWay = (work: Work) => work.state === "waiting" || work.state === "running";

/** Asked again every second and a half as long as one of them moves. */
const follow = (works: Work[] | undefined) => (works?.some(isUnderWay) ? 1500 : false);

export const works = (side: Side, cursor: string | undefined) => ({
  queryKey: ["works", side, cursor ?? ""] as const,
  queryFn: () => {
    const params = { query: { cursor } };
    return told(side === "agent" ? client.GET(agentWorks, { params }) : client.GET(partnerWorks, { params }));
  },
  refetchInterval: ({ state }: { state: { data?: { items: Work[] } } }) => follow(state.data?.items),
});

export const workOf = (side: Side, id: string) => ({
  queryKey: ["works", side, "one", id] as const,
  queryFn: () => {
    const params = { path: { work_id: id } };
    return told(
      side === "agent"
        ? client.GET(`${agentWorks}/{work_id}`, { params })
        : client.GET(`${partnerWorks}/{work_id}`, { params }),
    );
  },
  refetchInterval: ({ state }: { state: { data?: Work } }) => follow(state.data ? [state.data] : undefined),
});

export const refreshWorks = (queryClient: QueryClient) => queryClient.invalidateQueries({ queryKey: ["works"] });

export function cancel(side: Side, id: string) {
  const params = { path: { work_id: id } };
  return told(
    side === "agent"
      ? client.POST(`${agentWorks}/{work_id}/cancel`, { params })
      : client.POST(`${partnerWorks}/{work_id}/cancel`, { params }),
  );
}

/** The file goes as it is: the service tells what it is by its content, not by its name. */
const asFile = (file: File) => ({
  body: file as unknown as string,
  bodySerializer: (body: unknown) => body as BodyInit,
  headers: { "Content-Type": "application/octet-stream" },
});

export function upload(kind: ImportKind, file: File, mode: string): Promise<Receipt> {
  const given = { params: { query: { mode } }, ...asFile(file) };
  return told(kind === "structures.import" ? client.POST(structureImports, given) : client.POST(requestImports, given));
}

export const preview = (kind: ImportKind, id: string) => ({
  queryKey: ["works", "preview", id] as const,
  queryFn: () => {
    const params = { path: { work_id: id } };
    return told(
      kind === "structures.import"
        ? client.GET(`${structureImports}/{work_id}/preview`, { params })
        : client.GET(`${requestImports}/{work_id}/preview`, { params }),
    );
  },
});

export function confirmImport(kind: ImportKind, id: string, version: number): Promise<Receipt> {
  const params = { path: { work_id: id } };
  const headers = { "If-Match": `"${version}"` };
  return told(
    kind === "structures.import"
      ? client.POST(`${structureImports}/{work_id}/confirm`, { params, headers })
      : client.POST(`${requestImports}/{work_id}/confirm`, { params, headers }),
  );
}

export function template(kind: ImportKind, form: Format): Promise<unknown> {
  const init = { params: { query: { form } }, parseAs: "blob" as const };
  return told(
    kind === "structures.import"
      ? client.GET(`${structureImports}/template`, init)
      : client.GET(`${requestImports}/template`, init),
  );
}

export function corrections(kind: string, id: string): Promise<unknown> {
  const init = { params: { path: { work_id: id } }, parseAs: "blob" as const };
  return told(
    kind === "structures.import"
      ? client.GET(`${structureImports}/{work_id}/corrections`, init)
      : client.GET(`${requestImports}/{work_id}/corrections`, init),
  );
}

export function exported(kind: string, id: string): Promise<unknown> {
  const init = { params: { path: { work_id: id } }, parseAs: "blob" as const };
  return told(
    kind === "structures.export"
      ? client.GET(`${structureExports}/{work_id}/file`, init)
      : client.GET(`${requestExports}/{work_id}/file`, init),
  );
}

export function startExport(kind: ExportKind, reason: string, form: Format): Promise<Receipt> {
  return told(
    kind === "structures.export"
      ? client.POST(structureExports, { body: { reason, form } })
      : client.POST(requestExports, { body: { reason, form } }),
  );
}

/** Hands a file to the browser, as a link with a name would. */
export function keep(content: unknown, name: string): void {
  const url = URL.createObjectURL(content as Blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read it after the click has returned.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
