// A front end that logs in with a library as anybody would use it: `node log-in.mjs ISSUER REDIRECT_URI SCOPE API`.
// Prints where to send the browser, reads a line with the address at which the browser came back, and prints what it
// got (JSON): the claims, the scope and the answer of GET /v1/me, or the error.

import { createInterface } from 'node:readline/promises';

import * as client from 'openid-client';

const [issuer, redirectUri, scope, api] = process.argv.slice(2);
const insecure = { execute: [client.allowInsecureRequests] };
const config = await client.discovery(new URL(issuer), 'werkplek-voorbeeld', undefined, client.None(), insecure);
const verifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
const to = client.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri,
  scope,
  state,
  nonce,
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
});
console.log(to.href);

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await cameBack(new URL(line))));
}

async function cameBack(url) {
  try {
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
    const tokens = await client.authorizationCodeGrant(config, url, checks);
    const me = await fetch(`${api}/v1/me`, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
    return { claims: tokens.claims(), scope: tokens.scope, me: await me.json() };
  } catch (error) {
    return { error: error.error ?? error.code };
  }
}
