import { isProblem, type Problem, slugOf } from "../lib/problem";
import { actOf, keyFor, settle } from "./acts";
import { interrupt } from "./interruptions";

const unsafe = new Set(["POST", "PUT", "PATCH", "DELETE"]);
/** Routes of the gateway settle their own replays; sign-in and searches carry no key. */
const carriesKey = (url: string) => !url.includes("/api/v1/gateway/") && !url.endsWith("/search");
const isSignIn = (url: string) => url.includes("/gateway/anyone/") || url.includes("/gateway/me/step-up/");

function problemResponse(problem: Problem): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "Content-Type": "application/problem+json" },
  });
}

const unreachable: Problem = {
  type: "/problems/unreachable",
  title: "Le service ne répond pas",
  status: 503,
  detail: "Vérifiez votre connexion. Ce que vous avez saisi reste à l’écran.",
};

/** Whatever goes wrong, the caller gets a problem document. */
async function asProblemResponse(response: Response): Promise<{ response: Response; problem: Problem | null }> {
  if (response.ok) return { response, problem: null };
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  if (isProblem(body)) return { response, problem: body };
  const problem: Problem = { ...unreachable, status: response.status };
  return { response: problemResponse(problem), problem };
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    return problemResponse(unreachable);
  }
}

/** The `fetch` of the generated client. */
export async function transport(request: Request): Promise<Response> {
  let act: string | null = null;
  if (unsafe.has(request.method)) {
    request.headers.set("X-CSRF", "1");
    if (carriesKey(request.url)) {
      act = actOf(request.method, request.url, await request.clone().text());
      request.headers.set("Idempotency-Key", keyFor(act));
    }
  }
  for (;;) {
    const { response, problem } = await asProblemResponse(await send(request.clone()));
    if (act) settle(act, response.status);
    if (problem && !isSignIn(request.url)) {
      const kind =
        response.status === 401 ? "sign-in" : slugOf(problem) === "step-up-required" ? "step-up" : null;
      if (kind && (await interrupt(kind))) continue;
    }
    return response;
  }
}
