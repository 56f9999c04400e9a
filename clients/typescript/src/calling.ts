/** What each caller needs around the generated client: a token, patience, errors and pages. */
import { setTimeout as pause } from "node:timers/promises";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./generated/support-api.js";

export type Schemas = components["schemas"];
type Send = (request: Request) => Promise<Response>;
type Result<T> = { data?: T; response: Response };
type Page<T> = { results: T[]; next: string | null };
const TRIES = 4;

export interface Caller {
  api: Client<paths>;
  every<T>(ask: (at: { fetch?: Send }) => Promise<Result<Page<T>>>): AsyncGenerator<T>;
}

export interface Answer<T> {
  body: T;
  tag: string;
  replayed: boolean;
}

// region connect
/** `purpose` is what all calls of this client are for; a resident needs none. */
export function connect(baseUrl: string, token: () => Promise<string>, purpose?: Schemas["Purpose"]): Caller {
  const send = patiently(token);
  const headers = purpose ? { "Processing-Purpose": purpose } : {};
  return { api: createClient<paths>({ baseUrl, headers, fetch: send }), every: (ask) => every(ask, send, baseUrl) };
}
// endregion

/**
 * A new token after 401, once. After 429 and 503 the same request again, so with the same key.
 * Throws Refused for any answer that is not a good one.
 */
function patiently(token: () => Promise<string>): Send {
  let bearer: string | undefined;
  return async (request) => {
    if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", crypto.randomUUID());
    }
    let renewed = false;
    for (let tries = 1; ; tries += 1) {
      bearer ??= await token();
      request.headers.set("Authorization", `Bearer ${bearer}`);
      const answer = await fetch(request.clone());
      const refused = answer.status === 401 && !renewed;
      const busy = answer.status === 429 || answer.status === 503;
      if (!(refused || busy) || tries === TRIES) {
        if (answer.status >= 400) throw new Refused(answer.status, await problem(answer));
        return answer;
      }
      await answer.body?.cancel();
      if (refused) {
        renewed = true;
        bearer = undefined;
      } else {
        const seconds = answer.headers.get("Retry-After") ?? "";
        await pause(1000 * (/^\d+$/.test(seconds) ? Number(seconds) : 1));
      }
    }
  };
}

/** Without a problem it was something on the way that answered, in a form of its own. */
export class Refused extends Error {
  readonly code: string;
  readonly nextStep: string;
  readonly invalidParams: Schemas["InvalidParam"][];

  constructor(
    readonly status: number,
    problem?: Schemas["Problem"],
  ) {
    super(problem?.detail ?? `the answer was ${status}`);
    this.code = problem?.code ?? "unknown";
    this.nextStep = problem?.nextStep ?? "";
    this.invalidParams = problem?.invalidParams ?? [];
  }
}

async function problem(answer: Response): Promise<Schemas["Problem"] | undefined> {
  const said: unknown = await answer.json().catch(() => undefined);
  return isProblem(said) ? said : undefined;
}

function isProblem(said: unknown): said is Schemas["Problem"] {
  return typeof said === "object" && said !== null && "code" in said && "detail" in said;
}

/** The body of a good answer, with its tag. */
export async function answered<T>(call: Promise<Result<T>>): Promise<Answer<T>> {
  const { data, response } = await call;
  if (data === undefined) throw new Refused(response.status);
  const replayed = response.headers.get("Idempotent-Replayed") === "true";
  return { body: data, tag: response.headers.get("ETag") ?? "", replayed };
}

// region pages
/** Each result of each page. `next` is called as it is, and only where the token may go. */
async function* every<T>(
  ask: (at: { fetch?: Send }) => Promise<Result<Page<T>>>,
  send: Send,
  baseUrl: string,
): AsyncGenerator<T> {
  let page = (await answered(ask({}))).body;
  yield* page.results;
  while (page.next !== null) {
    const next = page.next;
    if (!next.startsWith(`${baseUrl}/`)) throw new Error(`${baseUrl} is not where its lists go on`);
    page = (await answered(ask({ fetch: (request) => send(new Request(next, request)) }))).body;
    yield* page.results;
  }
}
// endregion
