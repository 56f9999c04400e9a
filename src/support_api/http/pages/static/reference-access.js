/* Gives names to what the viewer leaves nameless, and a dialog the manners of one: focus goes in, Escape closes it, and
   focus comes back. Runs again whenever the viewer draws something. */
"use strict";

const operationOf = (element) => element.closest(".opblock")?.querySelector(".opblock-control-arrow")?.ariaLabel || "";
const parameterOf = (element) => element.closest("tr")?.dataset.paramName || "Value";
const statusOf = (element) => element.closest("tr.response")?.dataset.code || "";

const NAMES = {
  ".parameters [data-param-name] :is(input, select, textarea)": parameterOf,
  ".body-param textarea": () => "Request body",
  ".opblock-section-request-body select:not([aria-label])": () => "Example or media type of the request body",
  ".responses-table .examples-select-element": (element) => `Example of an answer ${statusOf(element)}`,
  ".responses-table[role=region]": (element) => `Answers of ${operationOf(element)}`,
  ".live-responses-table": (element) => `Answer of ${operationOf(element)}`,
  ".close-modal": () => "Close",
  ".auth-container input": () => "Token",
};

const setTo = (element, name, value) => {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

const asHeading = (element, level) => {
  setTo(element, "role", "heading");
  setTo(element, "aria-level", level);
};

const improve = (place) => {
  for (const [selector, name] of Object.entries(NAMES)) {
    place.querySelectorAll(selector).forEach((element) => setTo(element, "aria-label", name(element)));
  }
  place.querySelectorAll(".microlight, .curl").forEach((block) => setTo(block, "tabindex", "0"));
  place.querySelectorAll(".auth-container h4").forEach((title) => asHeading(title, "3"));
  place.querySelectorAll(".modal-btn.authorize[aria-label]").forEach((button) => button.removeAttribute("aria-label"));
};

let cameFrom = null;
let wasOpen = false;
document.addEventListener("focusin", (event) => {
  if (!event.target.closest(".modal-ux")) cameFrom = event.target;
});

const mindTheDialog = (place) => {
  const box = place.querySelector(".modal-ux");
  if (!box && wasOpen) cameFrom?.focus();
  wasOpen = Boolean(box);
  if (box && box.getAttribute("role") !== "dialog") {
    const title = box.querySelector(".modal-ux-header h3");
    title.id = "dialog-title";
    asHeading(title, "2");
    for (const [name, value] of [["role", "dialog"], ["aria-modal", "true"], ["aria-labelledby", title.id]]) box.setAttribute(name, value);
    (box.querySelector("input") || box.querySelector("button")).focus();
  }
};

const keepInside = (box, event) => {
  const within = [...box.querySelectorAll("a[href], button, input, select, textarea")];
  const [first, last] = [within[0], within.at(-1)];
  const leaving = event.shiftKey ? first : last;
  if (document.activeElement !== leaving && box.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
};

document.addEventListener("keydown", (event) => {
  const box = document.querySelector(".modal-ux");
  if (box && event.key === "Escape") box.querySelector(".close-modal").click();
  if (box && event.key === "Tab") keepInside(box, event);
});

const drawn = document.getElementById("reference");
new MutationObserver(() => {
  improve(drawn);
  mindTheDialog(drawn);
}).observe(drawn, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled", "class"] });
