import { client } from "../../api/client";
import { type Credential, told } from "../../api/identity";
import type { SessionView } from "../../api/session";

const anyone = "/api/v1/gateway/anyone";

export const openInvitation = (token: string) => ({
  queryKey: ["invitation", token],
  queryFn: () => told(client.POST(`${anyone}/invitation/open`, { body: { token } })),
  staleTime: Infinity,
  retry: false,
});

export const acceptInvitation = (token: string, password: string): Promise<SessionView> =>
  told(client.POST(`${anyone}/invitation/accept`, { body: { token, password } }));

/** A secret is drawn at each call: keep the one shown. */
export const startTotp = () => ({
  queryKey: ["enrolment", "totp"],
  queryFn: () => told(client.POST(`${anyone}/enrolment/totp/start`)),
  staleTime: Infinity,
  gcTime: 0,
  retry: false,
  refetchOnWindowFocus: false,
});

export const confirmTotp = (code: string, label: string) =>
  told(client.POST(`${anyone}/enrolment/totp/confirm`, { body: { code, label } }));

export const enrolPasskeyOptions = async () =>
  (await told(client.POST(`${anyone}/enrolment/passkey/options`))).public_key;

export const enrolPasskey = (credential: Credential, label: string) =>
  told(client.POST(`${anyone}/enrolment/passkey`, { body: { credential, label } }));

export const askReset = (email: string) => told(client.POST(`${anyone}/password/forgotten`, { body: { email } }));

export const resetPassword = (token: string, password: string) =>
  told(client.POST(`${anyone}/password/reset`, { body: { token, password } }));
