/** The steps of the workflow, one call or two each. */
import { answered, Refused, type Answer, type Caller, type Schemas } from "./calling.js";

export type Note = Schemas["BaggageNoteView"];
type Briefing = Schemas["BriefingView"];

// region find
export async function findResident({ api }: Caller, bsn: string): Promise<string> {
  const found = await answered(
    api.POST("/residents/_search", { body: { system: "bsn", value: bsn, fields: ["id", "callName"] } }),
  );
  const id = found.body.results[0]?.id;
  if (!id) throw new Error("nobody, or nobody whom you may see");
  return id;
}
// endregion

export async function myRelationshipWith(caller: Caller, residentId: string): Promise<string> {
  const caseload = caller.every((at) =>
    caller.api.GET("/working-relationships", { params: { query: { limit: 100 } }, ...at }),
  );
  for await (const line of caseload) {
    if (line.residentId === residentId) return line.id;
  }
  throw new Error("you don't work with this resident");
}

// region record
/** Keep the key until there is an answer: with the same key the note is recorded once. */
export function recordNote({ api }: Caller, residentId: string, said: string, key: string): Promise<Answer<Note>> {
  return answered(
    api.POST("/residents/{residentId}/baggage-notes", {
      params: { path: { residentId }, header: { "Idempotency-Key": key } },
      body: { kind: "life_story", title: "Het nieuwe begin", shortVersion: said },
    }),
  );
}
// endregion

export function readNote({ api }: Caller, residentId: string, baggageNoteId: string): Promise<Answer<Note>> {
  const path = { residentId, baggageNoteId };
  return answered(api.GET("/residents/{residentId}/baggage-notes/{baggageNoteId}", { params: { path } }));
}

export function confirmNote({ api }: Caller, residentId: string, read: Answer<Note>): Promise<Answer<Note>> {
  return answered(
    api.POST("/residents/{residentId}/baggage-notes/{baggageNoteId}/_confirm", {
      params: { path: { residentId, baggageNoteId: read.body.id }, header: { "If-Match": read.tag } },
      body: { confirmation: "confirmed", visibility: "my_workers" },
    }),
  );
}

// region change
function change({ api }: Caller, residentId: string, read: Answer<Note>): Promise<Answer<Note>> {
  return answered(
    api.PATCH("/residents/{residentId}/baggage-notes/{baggageNoteId}", {
      params: { path: { residentId, baggageNoteId: read.body.id }, header: { "If-Match": read.tag } },
      headers: { "Content-Type": "application/merge-patch+json" },
      body: { doNotAskAgain: true },
    }),
  );
}

/** After 412 somebody was first: read what it is now, and decide again. */
export async function askNoMore(caller: Caller, residentId: string, read: Answer<Note>): Promise<Answer<Note>> {
  try {
    return await change(caller, residentId, read);
  } catch (error) {
    if (!(error instanceof Refused && error.status === 412)) throw error;
    const now = await readNote(caller, residentId, read.body.id);
    return now.body.doNotAskAgain ? now : change(caller, residentId, now);
  }
}
// endregion

/** What she read is what she approves: if it has changed since, the answer is 412. */
export async function approveBriefing({ api }: Caller, residentId: string, workingRelationshipId: string) {
  const path = { residentId, workingRelationshipId };
  const read = await answered(
    api.GET("/residents/{residentId}/working-relationships/{workingRelationshipId}/briefing", { params: { path } }),
  );
  return answered(
    api.POST("/residents/{residentId}/working-relationships/{workingRelationshipId}/briefing/_approve", {
      params: { path, header: { "If-Match": read.tag } },
    }),
  );
}

export async function readBriefing({ api }: Caller, residentId: string, relationship: string): Promise<Briefing> {
  const path = { residentId, workingRelationshipId: relationship };
  const url = "/residents/{residentId}/working-relationships/{workingRelationshipId}/briefing";
  return (await answered(api.GET(url, { params: { path } }))).body;
}

// region list
export async function whoLooked(caller: Caller, residentId: string): Promise<string[]> {
  const lines = caller.every((at) =>
    caller.api.GET("/residents/{residentId}/access-log", {
      params: { path: { residentId }, query: { limit: 10 } },
      ...at,
    }),
  );
  const sentences: string[] = [];
  for await (const line of lines) sentences.push(line.sentence);
  return sentences;
}
// endregion
