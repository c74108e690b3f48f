/** Calls of the gateway that prove who one is. Used by the sign-in pages, the dialog over the page and the account. */
import { asProblem } from "../lib/problem";
import { client, type Schemas } from "./client";
import type { SessionView } from "./session";

const anyone = "/api/v1/gateway/anyone";
const me = "/api/v1/gateway/me";

/** The data of an answer, or its problem thrown. */
export async function told<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await call;
  if (error !== undefined) throw asProblem(error);
  return data as T;
}

/** What the browser answered to a passkey challenge, as JSON. */
export type Credential = Schemas["PasskeyProof"]["credential"];

export const signIn = (email: string, password: string): Promise<SessionView> =>
  told(client.POST(`${anyone}/sign-in`, { body: { email, password } }));

export const signInByCode = (code: string): Promise<SessionView> =>
  told(client.POST(`${anyone}/sign-in/totp`, { body: { code } }));

export const signInByRecoveryCode = (code: string): Promise<SessionView> =>
  told(client.POST(`${anyone}/sign-in/recovery-code`, { body: { code } }));

export const signInPasskeyOptions = async () =>
  (await told(client.POST(`${anyone}/sign-in/passkey/options`))).public_key;

export const signInByPasskey = (credential: Credential): Promise<SessionView> =>
  told(client.POST(`${anyone}/sign-in/passkey`, { body: { credential } }));

export const signOut = () => told(client.POST(`${anyone}/sign-out`));

export const stepUpByCode = (code: string): Promise<SessionView> =>
  told(client.POST(`${me}/step-up/totp`, { body: { code } }));

export const stepUpPasskeyOptions = async () => (await told(client.POST(`${me}/step-up/passkey/options`))).public_key;

export const stepUpByPasskey = (credential: Credential): Promise<SessionView> =>
  told(client.POST(`${me}/step-up/passkey`, { body: { credential } }));

export const switchRole = (assignment_id: string): Promise<SessionView> =>
  told(client.POST(`${me}/session/switch`, { body: { assignment_id } }));
