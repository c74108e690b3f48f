import { api, client } from "../../api/client";
import { type Credential, told } from "../../api/identity";

const me = "/api/v1/gateway/me";

export const sessions = () => api.queryOptions("get", `${me}/sessions`);

export const factors = () => api.queryOptions("get", `${me}/factors`);

export const revokeSession = (id: string) =>
  told(client.POST(`${me}/sessions/{session_id}/revoke`, { params: { path: { session_id: id } } }));

export const startTotp = () => told(client.POST(`${me}/factors/totp/start`));

export const confirmTotp = (code: string, label: string) =>
  told(client.POST(`${me}/factors/totp/confirm`, { body: { code, label } }));

export const passkeyOptions = async () => (await told(client.POST(`${me}/factors/passkey/options`))).public_key;

export const addPasskey = (credential: Credential, label: string) =>
  told(client.POST(`${me}/factors/passkey`, { body: { credential, label } }));

export const removeFactor = (id: string) =>
  told(client.POST(`${me}/factors/{factor_id}/remove`, { params: { path: { factor_id: id } } }));

export const renewRecoveryCodes = () => told(client.POST(`${me}/recovery-codes`));

export const changePassword = (current: string, replacement: string) =>
  told(client.POST(`${me}/password`, { body: { current, new: replacement } }));
