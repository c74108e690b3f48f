import { useState } from "react";

/** The token of a link received by e-mail; taken out of the address bar at once, so that it stays in no history. */
export function useLinkToken(): string | null {
  const [token] = useState(() => {
    const { hash, search, pathname } = window.location;
    const found = new URLSearchParams(search).get("token") ?? (hash.replace(/^#(token=)?/, "") || null);
    if (found) window.history.replaceState(window.history.state, "", pathname);
    return found;
  });
  return token;
}
