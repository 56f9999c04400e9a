// A real OpenID provider for the tests: `node provider.mjs PORT FILE`. The file (JSON) says which keys it signs with,
// which clients and resource servers it knows, and what it says of whom. Prints a line when it listens.

import { readFileSync } from 'node:fs';

import Provider from 'oidc-provider';

const [port, file] = process.argv.slice(2);
const told = JSON.parse(readFileSync(file, 'utf8'));

const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: told.jwks,
  clients: told.clients,
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  cookies: { keys: ['a-key-of-the-tests'] },
  enabledJWA: {
    clientAuthSigningAlgValues: ['ES256'],
    idTokenSigningAlgValues: ['ES256'],
  },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (ctx, resource) => told.resources[resource],
    },
  },
  // The claims beside those of RFC 9068: of the person who logged in, or of the client itself.
  extraTokenClaims: (ctx, token) => told.claims[token.accountId ?? token.clientId],
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: (ctx, interaction) => `/log-in/${interaction.uid}` },
  pkce: { required: () => true },
});

// Who posts `?as=NAME` here is logged in by that name and agrees to everything that was asked.
provider.use(async (ctx, next) => {
  if (ctx.method !== 'POST' || !ctx.path.startsWith('/log-in/')) return next();
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  const accountId = ctx.query.as;
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope('openid');
  if (params.resource) grant.addResourceScope(params.resource, params.scope.replace(/^openid /, ''));
  const result = { login: { accountId }, consent: { grantId: await grant.save() } };
  ctx.status = 303;
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
});

provider.on('server_error', (ctx, error) => console.error(error));
provider.listen(Number(port), '127.0.0.1', () => console.log(`listening on ${port}`));
