import { api, client } from "./client";
import { told } from "./identity";

const path = "/api/v1/referrals/partner/persons/{person_id}";

/** The record of a person, for the structure that refers her. */
export const partnerPerson = (person_id: string) => api.queryOptions("get", path, { params: { path: { person_id } } });

/** Writes the number of a person in its field. The kind is read off the first digit: 3 and 4 are waiting numbers. */
export const completeNumber = (person_id: string, version: number, value: string) =>
  told(
    client.POST(`${path}/amend`, {
      params: { path: { person_id }, header: { "If-Match": `"${version}"` } },
      body: { identifier: { kind: /^[34]/.test(value) ? "nia" : "nir", value, none_reason: null } },
    }),
  );
