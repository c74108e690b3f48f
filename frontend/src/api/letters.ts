import { saveFile } from "../lib/save-file";
import { client } from "./client";
import { told } from "./identity";

const pdf = { parseAs: "blob" } as const;

/** The three ways to a letter; each answers a PDF. */
export const agentLetter = (letter_id: string) =>
  client.GET("/api/v1/referrals/agent/letters/{letter_id}", { params: { path: { letter_id } }, ...pdf });

export const partnerLetter = (letter_id: string) =>
  client.GET("/api/v1/referrals/partner/letters/{letter_id}", { params: { path: { letter_id } }, ...pdf });

export const misasSheet = (person_id: string) =>
  client.GET("/api/v1/referrals/partner/persons/{person_id}/misas-sheet", { params: { path: { person_id } }, ...pdf });

export async function savePdf(answer: Promise<{ data?: unknown; error?: unknown }>, name: string): Promise<void> {
  saveFile((await told(answer)) as Blob, `${name}.pdf`);
}
