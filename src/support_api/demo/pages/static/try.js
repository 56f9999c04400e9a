/* The buttons of the start page: shows what a request answers, after a log-in as the person who asks it. */
import { comeBack, logIn, tokenOf } from "./log-in.js";

const put = (place, ...children) => place.replaceChildren(...children);
const made = (tag, text, attributes = {}) => Object.assign(document.createElement(tag), { textContent: text }, attributes);

async function ask(button) {
  const { person, client, method, path, purpose } = button.dataset;
  const token = tokenOf(person);
  if (!token) return logIn(person, client, button.dataset.try);
  const headers = { Authorization: `Bearer ${token}`, "Accept-Language": "en" };
  if (purpose) headers["Processing-Purpose"] = purpose;
  const answer = await fetch(path, { method, headers });
  const text = JSON.stringify(await answer.json(), null, 2);
  const place = button.closest("li").querySelector(".answer");
  const code = made("pre", text, { tabIndex: 0 });
  code.setAttribute("role", "region");
  code.setAttribute("aria-label", "Answer");
  put(place, made("p", `${answer.status}, as ${person}`, { className: "status" }), code);
}

async function copy(button) {
  await navigator.clipboard.writeText(button.closest("li").querySelector("pre").textContent);
  put(button.closest("li").querySelector(".answer"), made("p", "Copied."));
}

document.querySelectorAll(".buttons.try").forEach((each) => { each.hidden = false; });
document.querySelectorAll("[data-try]").forEach((each) => each.addEventListener("click", () => ask(each)));
document.querySelectorAll("[data-copy]").forEach((each) => each.addEventListener("click", () => copy(each)));

const back = await comeBack().catch(() => null);
if (back) {
  const button = document.querySelector(`[data-try="${back.then}"]`);
  button.focus();
  if (tokenOf(button.dataset.person)) await ask(button);
  else put(button.closest("li").querySelector(".answer"), made("p", `You logged in as ${back.person}; this request is ${button.dataset.person}’s.`));
}
