import type { QueryClient } from "@tanstack/react-query";

import { api, client, type Schemas } from "../../api/client";
import { told } from "../../api/identity";

const desk = "/api/v1/referrals/agent/letter-templates";

export type Language = Schemas["LanguageState"]["language"];
export type Summary = Schemas["TemplateSummary"];
export type History = Schemas["TemplateHistory"];
export type Version = Schemas["TemplateVersion"];
export type Letterhead = Schemas["LetterheadIn"];
export type Text = { subject: string; body: string };

export const templates = () => api.queryOptions("get", desk);
export const letterhead = () => api.queryOptions("get", `${desk}/letterhead`);
export const history = (kind: string, language: Language) =>
  api.queryOptions("get", `${desk}/{kind}/{language}`, { params: { path: { kind, language } } });

const at = (kind: string, language: Language, version: number) => ({
  path: { kind, language },
  header: { "If-Match": `"${version}"` },
});

export const saveDraft = (kind: string, language: Language, version: number, body: Text) =>
  told(client.PUT(`${desk}/{kind}/{language}/draft`, { params: at(kind, language, version), body }));

export const publish = (kind: string, language: Language, version: number, body: Schemas["PublishIn"]) =>
  told(client.POST(`${desk}/{kind}/{language}/draft/publish`, { params: at(kind, language, version), body }));

export const discard = (kind: string, language: Language, version: number) =>
  told(client.POST(`${desk}/{kind}/{language}/draft/discard`, { params: at(kind, language, version) }));

export const previewPages = (kind: string, language: Language, text: Text) =>
  told(client.POST(`${desk}/preview/pages`, { body: { kind, language, ...text } }));

export const previewPdf = (kind: string, language: Language, text: Text) =>
  client.POST(`${desk}/preview`, { body: { kind, language, ...text }, parseAs: "blob" });

export const writeLetterhead = (version: number, body: Letterhead) =>
  told(client.PUT(`${desk}/letterhead`, { params: { header: { "If-Match": `"${version}"` } }, body }));

export async function refreshTemplates(queryClient: QueryClient): Promise<void> {
  await queryClient.invalidateQueries({
    predicate: ({ queryKey }) => typeof queryKey[1] === "string" && queryKey[1].startsWith(desk),
  });
}
