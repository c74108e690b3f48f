import { api, client } from "../../api/client";
import { told } from "../../api/identity";

const me = "/api/v1/gateway/me";

export const sessions = () => api.queryOptions("get", `${me}/sessions`);

export const factors = () => api.queryOptions("get", `${me}/factors`);

export const revokeSession = (id: string) =>
  told(client.POST(`${me}/sessions/{id}/revoke`, { params: { path: { id } } }));

export const startTotp = () => told(client.POST(`${me}/factors/totp/start`));

export const confirmTotp = (code: string) => told(client.POST(`${me}/factors/totp/confirm`, { body: { code } }));

export const passkeyOptions = async () => (await told(client.POST(`${me}/factors/passkey/options`))).options;

export const addPasskey = (credential: Record<string, unknown>, label: string) =>
  told(client.POST(`${me}/factors/passkey`, { body: { credential, label } }));

export const removeFactor = (id: string) =>
  told(client.POST(`${me}/factors/{id}/remove`, { params: { path: { id } } }));

export const renewRecoveryCodes = () => told(client.POST(`${me}/recovery-codes`));

export const changePassword = (current: string, replacement: string) =>
  told(client.POST(`${me}/password`, { body: { current, new: replacement } }));
