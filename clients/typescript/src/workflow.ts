/** A worker meets a resident and reads what she wants known, step by step, at a running `make demo`. */
import { connect, Refused } from "./calling.js";
import * as steps from "./steps.js";
import { token } from "./tokens.js";

const BASE = process.env["SUPPORT_API"] ?? "http://127.0.0.1:8000/v1";
const BSN = "999990019";
const SAID = "Sinds de verhuizing kent niemand mij nog.";

// region explain
/** What went wrong, and what there is to do: by `code`, never by the text. */
async function explained(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "not refused";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const wrong = error.invalidParams.map(({ name, code }) => `${name} ${code}`);
    return [error.status, error.code, ...wrong, error.nextStep].join(" ").trim();
  }
}
// endregion

function yes(fact: boolean): string {
  return fact ? "yes" : "no";
}

async function workflow(): Promise<void> {
  const teun = connect(BASE, () => token("teun"), "support");
  const fien = connect(BASE, () => token("fien"));

  const resident = await steps.findResident(teun, BSN);
  const relationship = await steps.myRelationshipWith(teun, resident);

  const key = crypto.randomUUID();
  const recorded = await steps.recordNote(teun, resident, SAID, key);
  const again = await steps.recordNote(teun, resident, SAID, key);
  console.log(`recorded once: ${yes(again.replayed && again.body.id === recorded.body.id)}`);

  const read = await steps.readNote(fien, resident, recorded.body.id);
  const confirmed = await steps.confirmNote(fien, resident, read);
  console.log(`Fien says: ${confirmed.body.confirmation}`);
  const changed = await steps.askNoMore(fien, resident, read);
  console.log(`changed after 412: version ${changed.body.version}`);

  await steps.approveBriefing(fien, resident, relationship);
  const briefing = await steps.readBriefing(teun, resident, relationship);
  console.log(briefing.ordinalSentence);
  console.log(`Teun reads it: ${yes(briefing.baggage.some((line) => line.id === recorded.body.id))}`);

  const looked = await steps.whoLooked(fien, resident);
  console.log(`more than a page of lines: ${yes(looked.length > 10)}; the last: ${looked[0] ?? ""}`);

  console.log(await explained(steps.confirmNote(fien, resident, changed)));
  console.log(await explained(steps.readNote(fien, resident, crypto.randomUUID())));
  console.log(await explained(steps.recordNote(teun, resident, "", crypto.randomUUID())));
}

try {
  await workflow();
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(`${error.status} ${error.code}: ${error.message}`);
  process.exitCode = 1;
}
