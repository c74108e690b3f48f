import { asProblem, isProblem, type Problem } from "../lib/problem";
import { client, type Schemas } from "./client";
import { told } from "./identity";
import { interrupt } from "./interruptions";

export type Side = "partner" | "agent";
export type RequestDocuments = Schemas["RequestDocuments"];
export type DocumentOut = Schemas["DocumentOut"];
export type DocumentItem = Schemas["DocumentItem"];

const at = (request_id: string) => ({ params: { path: { request_id } } });
const one = (request_id: string, document_id: string) => ({ params: { path: { request_id, document_id } } });

/** Named like the paths, so that whatever refreshes a request refreshes its documents. */
export const documents = (side: Side, request_id: string) => ({
  queryKey: ["get", `/api/v1/referrals/${side}/requests/{request_id}/documents`, request_id],
  queryFn: (): Promise<RequestDocuments> =>
    told(
      side === "partner"
        ? client.GET("/api/v1/referrals/partner/requests/{request_id}/documents", at(request_id))
        : client.GET("/api/v1/referrals/agent/requests/{request_id}/documents", at(request_id)),
    ),
});

const announceDocument = (side: Side, request_id: string, body: Schemas["AnnouncedIn"]) =>
  told(
    side === "partner"
      ? client.POST("/api/v1/referrals/partner/requests/{request_id}/documents", { ...at(request_id), body })
      : client.POST("/api/v1/referrals/agent/requests/{request_id}/documents", { ...at(request_id), body }),
  );

export const removeDocument = (side: Side, request_id: string, document_id: string) =>
  told(
    side === "partner"
      ? client.POST(
          "/api/v1/referrals/partner/requests/{request_id}/documents/{document_id}/remove",
          one(request_id, document_id),
        )
      : client.POST(
          "/api/v1/referrals/agent/requests/{request_id}/documents/{document_id}/remove",
          one(request_id, document_id),
        ),
  );

/** Has the browser save a document: the address serves once. */
export async function saveDocument(side: Side, request_id: string, document_id: string): Promise<void> {
  const ticket = await told(
    side === "partner"
      ? client.POST(
          "/api/v1/referrals/partner/requests/{request_id}/documents/{document_id}/ticket",
          one(request_id, document_id),
        )
      : client.POST(
          "/api/v1/referrals/agent/requests/{request_id}/documents/{document_id}/ticket",
          one(request_id, document_id),
        ),
  );
  const link = document.createElement("a");
  link.href = ticket.url;
  link.download = "";
  link.click();
}

const types: Record<string, string> = { pdf: "application/pdf", jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png" };
const typeOf = (file: File) => file.type || (types[file.name.split(".").pop()?.toLowerCase() ?? ""] ?? "");

const RETRIES = 4;

/** Sends one file, telling how much has gone (0 to 1); what is wrong with it comes as a problem. */
export async function sendDocument(
  side: Side,
  request_id: string,
  item: DocumentItem,
  file: File,
  onProgress: (gone: number) => void,
): Promise<void> {
  const media_type = typeOf(file);
  const announced = await announceDocument(side, request_id, { item, name: file.name, media_type, size_bytes: file.size });
  for (let attempt = 1; ; attempt += 1) {
    const problem = await put(announced.content_url, file, media_type, onProgress);
    if (!problem) return;
    if (problem.status === 401 && (await interrupt("sign-in"))) continue;
    if (problem.status !== 503 || attempt === RETRIES) throw problem;
    await new Promise((resume) => setTimeout(resume, 1500 * attempt));
  }
}

/** `fetch` does not tell how much of a body has gone. */
function put(url: string, file: File, media_type: string, onProgress: (gone: number) => void): Promise<Problem | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", media_type);
    request.setRequestHeader("X-CSRF", "1");
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onload = () => {
      const answer: unknown = request.response;
      if (request.status < 400) resolve(null);
      else resolve(isProblem(answer) ? answer : { ...asProblem(null), status: request.status });
    };
    request.onerror = () =>
      resolve({
        type: "/problems/unreachable",
        title: "Le service ne répond pas",
        status: 503,
        detail: "Vérifiez votre connexion, puis recommencez.",
      });
    request.send(file);
  });
}
