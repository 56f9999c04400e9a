/* Logs in as at any OpenID provider: authorization code with PKCE (RFC 7636, RFC 9700). The token stays in this tab. */

const HERE = location.origin + location.pathname;

const encoded = (bytes) =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = () => encoded(crypto.getRandomValues(new Uint8Array(32)));
const claims = (token) => JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));

/** Leaves the page for the log-in. `then` is given back by `comeBack`. */
export async function logIn(person, client, then = null) {
  const [state, verifier] = [random(), random()];
  sessionStorage.setItem(`asked ${state}`, JSON.stringify({ verifier, client, then }));
  const challenge = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const question = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: HERE,
    state,
    code_challenge: encoded(new Uint8Array(challenge)),
    code_challenge_method: "S256",
    login_hint: person,
  });
  location.assign(`/demo/authorize?${question}`);
}

/** Who just logged in, and what was to be done then; null if nobody did. The code is gone from the address at once. */
export async function comeBack() {
  const answer = new URLSearchParams(location.search);
  const asked = JSON.parse(sessionStorage.getItem(`asked ${answer.get("state")}`));
  if (!asked) return null;
  sessionStorage.removeItem(`asked ${answer.get("state")}`);
  history.replaceState(null, "", HERE);
  if (!answer.has("code")) throw new Error("Er is niet ingelogd.");
  const got = await fetch("/demo/token", {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: answer.get("code"),
      client_id: asked.client,
      redirect_uri: HERE,
      code_verifier: asked.verifier,
    }),
  });
  if (!got.ok) throw new Error("Het inloggen is mislukt.");
  const token = (await got.json()).access_token;
  const person = claims(token).sub;
  sessionStorage.setItem(`token ${person}`, token);
  return { person, then: asked.then };
}

/** The token of somebody who logged in in this tab, if it still holds. */
export function tokenOf(person) {
  const token = sessionStorage.getItem(`token ${person}`);
  return token && claims(token).exp > Date.now() / 1000 + 30 ? token : null;
}
