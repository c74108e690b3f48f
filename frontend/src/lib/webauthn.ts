/** Passkeys: the server speaks base64url JSON, the browser speaks buffers. */

type Json = Record<string, unknown>;

/** JSON only: what the gateway takes back. */
export type PasskeyAnswer = { [member: string]: string | null | string[] | PasskeyAnswer };

function toBuffer(text: string): ArrayBuffer {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer;
}

function toText(buffer: ArrayBuffer | null): string | null {
  if (!buffer) return null;
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const withBufferIds = (list: unknown) =>
  ((list ?? []) as { id: string }[]).map((entry) => ({ ...entry, id: toBuffer(entry.id) }));

export function passkeysAvailable(): boolean {
  return typeof window.PublicKeyCredential === "function";
}

export async function askPasskey(options: Json): Promise<PasskeyAnswer> {
  const publicKey = {
    ...options,
    challenge: toBuffer(options.challenge as string),
    allowCredentials: withBufferIds(options.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: toText(response.userHandle),
    },
  };
}

export async function createPasskey(options: Json): Promise<PasskeyAnswer> {
  const user = options.user as { id: string };
  const publicKey = {
    ...options,
    challenge: toBuffer(options.challenge as string),
    user: { ...user, id: toBuffer(user.id) },
    excludeCredentials: withBufferIds(options.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}
