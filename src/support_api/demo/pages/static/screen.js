/* An example of a front end: what a worker or a resident sees, straight from the API. No framework, no build. */
import { comeBack, logIn, tokenOf } from "./log-in.js";

const screen = document.getElementById("screen");
let token = null;
let purpose = null;

/** Calls the API. An error is a problem (RFC 9457) with a title and a text for the person in front of the screen. */
async function call(path, { method = "GET", headers = {} } = {}) {
  const sent = { Authorization: `Bearer ${token}`, ...(purpose && { "Processing-Purpose": purpose }), ...headers };
  const answer = await fetch(path, { method, headers: sent });
  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.detail), { title: body.title });
  return Object.assign(body, { etag: answer.headers.get("ETag") });
}

/** An element. Texts of people are put in as text, never as HTML. */
function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === "onclick") element.addEventListener("click", value);
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((each) => each !== null && each !== undefined));
  return element;
}

const list = (items) => h("ul", null, items.map((item) => h("li", null, item)));
const panel = (title, items, kind = "panel") => (items.length ? h("section", { class: kind }, h("h2", null, title), list(items)) : null);
const texts = (items) => items.map((item) => item.text);
const moment = new Intl.DateTimeFormat("nl-NL", { dateStyle: "long", timeStyle: "short" });

/* What a worker sees: the residents of now, and of the first of them what that person shared. */
async function workersScreen() {
  purpose = "support";
  const [first] = (await call("/v1/home")).worker.caseload;
  if (!first) return [h("h1", null, "Je werkt nu met niemand"), h("p", null, "Met wie je eerder werkte, daarvan zie je niets meer.")];
  const briefing = await call(`/v1/residents/${first.residentId}/working-relationships/${first.id}/briefing`);
  const name = briefing.resident.callName;
  const head = [h("h1", null, `Voor je ${name} ontmoet`), h("p", { class: "sentence" }, briefing.ordinalSentence)];
  if (briefing.state !== "open") {
    return [...head, h("p", { class: "panel quiet" }, briefing.state === "stopped" ? `${name} deelt dit nu niet met jou.` : `${name} heeft nog niet besloten wat jij mag lezen.`)];
  }
  const contact = briefing.resident.contactPreferences.map((each) => each.note).filter(Boolean);
  return [
    ...head,
    h("div", { class: "panels two" },
      panel("Wat voor mij telt", texts(briefing.whatMatters), "panel broad"),
      panel("Zo ga je met mij om", [...texts(briefing.howToApproachMe), ...contact]),
      panel("Wat goed gaat", texts(briefing.strengthsAndWhatGoesWell)),
      panel("Wat ik wil", texts(briefing.wishesAndGoals)),
      panel("Wat mij zorgen geeft", texts(briefing.worries)),
      panel("Wat ik meedraag", briefing.baggage.map((each) => [h("strong", null, each.title ?? "Zonder titel"), h("br"), each.shortVersion]), "panel broad"),
      panel("Vraag dit niet opnieuw", briefing.doNotAskAgain, "panel broad")),
    panel("Afspraken over deze pagina", briefing.rules, "panel quiet"),
  ];
}

/* What a resident sees: what waits for a decision, who may read, and who looked. */
async function residentsScreen(me) {
  const { callName, asks, workers, looked } = (await call("/v1/home")).resident;
  const now = await Promise.all(workers.map((each) => sharing(me, each)));
  const lines = looked.map((look) => h("li", null, h("time", { datetime: look.at }, moment.format(new Date(look.at))), look.sentence));
  return [
    h("h1", null, `Dag ${callName}`),
    panel("Dit wacht op jou", asks.map((ask) => ask.sentence)),
    h("section", { class: "panels" }, h("h2", null, "Wie nu met jou werkt"), now),
    h("section", { class: "panel" }, h("h2", null, "Wie er keek, behalve jij"), h("ol", { class: "looks" }, lines)),
  ];
}

async function sharing(me, { workingRelationshipId: id, worker }) {
  const path = `/v1/residents/${me.residentId}/working-relationships/${id}/briefing`;
  const briefing = await call(path);
  const open = briefing.state === "open";
  const name = worker.displayName;
  const stop = () => call(`${path}/_stop`, { method: "POST" });
  const share = () => call(`${path}/_approve`, { method: "POST", headers: { "If-Match": briefing.etag } });
  const decide = () => (open ? stop() : share()).then(show, failed);
  return h("div", { class: "panel" },
    h("p", { class: "sentence" }, open ? `${name} leest wat jij goedkeurde.` : `${name} leest nu niets van jou.`),
    h("button", { type: "button", id, class: open ? "" : "plain", onclick: decide }, open ? "Stop met delen" : "Deel mijn verhaal"));
}

async function show() {
  const focused = document.activeElement?.id;
  const me = await call("/v1/me");
  const screens = { worker: workersScreen, resident: residentsScreen };
  const other = () => [h("h1", null, "Voor deze rol is er geen voorbeeldscherm")];
  screen.replaceChildren(...(await (screens[me.role] ?? other)(me)).filter(Boolean));
  if (focused) document.getElementById(focused)?.focus();
}

function failed(error) {
  screen.replaceChildren(h("h1", null, error.title ?? "Dat lukte niet"), h("p", null, error.message));
}

try {
  const back = await comeBack();
  if (back) history.replaceState(null, "", `?as=${back.person}`);
  const person = back?.person ?? screen.dataset.person;
  token = person ? tokenOf(person) : null;
  if (token) await show();
  else if (screen.dataset.person) await logIn(screen.dataset.person, screen.dataset.client);
  else failed({ title: "Niemand is ingelogd", message: "Kies op de startpagina wie je wilt zijn." });
} catch (error) {
  failed(error);
}
