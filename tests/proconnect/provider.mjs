// A provider of identity that behaves as ProConnect does: npm's oidc-provider, which is what ProConnect is built on, set up
// as it is there. Beside its own addresses it has `/essai`, by which a test moves its clock, says who has an account, changes
// its keys, and has it lie or fall silent. It ends when its standard input does.
//
// node provider.mjs FOLDER CLIENT ALGORITHM: the folder of node_modules, the client as JSON, `ES256` or `RS256`.

import * as crypto from 'node:crypto';
import * as http from 'node:http';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, client, algorithm] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(path.join(folder, 'oidc-provider/lib/index.js')));

/// Where it is on its host, as ProConnect is.
const PREFIX = '/api/v2';

/// Parameters of the authorization request, and no other (error Y000400).
const PARAMETERS = new Set([
  'acr_values', 'claims', 'client_id', 'code_challenge', 'code_challenge_method', 'idp_hint', 'login_hint', 'nonce', 'prompt',
  'redirect_uri', 'response_mode', 'response_type', 'scope', 'siret_hint', 'state',
]);

/// What a test tells it: `now` in milliseconds, `people` (what it says of each), `lie` (how tokens are falsified), `answer`
/// (how an address answers instead of what it ought to: `{ path, how }`), `gives` (the error that identifying ends with).
const told = { now: Date.now(), people: {}, lie: {}, answer: null, gives: null };
/// How often each address was asked.
let asked = {};

// Its clock stands still until it is moved, as the product's does.
Date.now = () => told.now;

function freshKeys() {
  const pair = algorithm === 'ES256'
    ? crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid: crypto.randomUUID(), key: pair.privateKey };
}

function sign(header, payload, key) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part(header)}.${part(payload)}`;
  if (header.alg === 'none') return `${input}.`;
  const signature = header.alg === 'HS256'
    ? crypto.createHmac('sha256', JSON.parse(client).client_secret).update(input).digest()
    : crypto.sign('sha256', input, algorithm === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key);
  return `${input}.${signature.toString('base64url')}`;
}

/// The token as it is falsified.
function falsified(token, lie) {
  const [header, payload] = token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
  let { key } = keys;
  const changes = {
    audience: () => { payload.aud = 'un-autre-site'; },
    audiences: () => { payload.aud = [payload.aud, 'un-autre-site']; },
    issuer: () => { payload.iss = 'https://autre.example'; },
    subject: () => { payload.sub = 'somebody-else'; },
    nonce: () => { payload.nonce = 'x'.repeat(64); },
    'no-nonce': () => { delete payload.nonce; },
    party: () => { payload.azp = 'un-autre-site'; },
    'access-token': () => { payload.at_hash = 'x'.repeat(22); },
    key: () => { key = freshKeys().key; },
    'unknown-key': () => { ({ key } = freshKeys()); header.kid = crypto.randomUUID(); },
    none: () => { header.alg = 'none'; },
    secret: () => { header.alg = 'HS256'; },
    critical: () => { header.crit = ['x']; },
  };
  changes[lie]();
  return sign(header, payload, key);
}

function page(title, body) {
  return `<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>${title}</title></head><body><main><h1>${title}</h1>${body}</main></body></html>`;
}

let keys = freshKeys();
let provider;
let issuer;

function start() {
  const { kid, key } = keys;
  provider = new Provider(issuer, {
    clients: [{
      ...JSON.parse(client),
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      id_token_signed_response_alg: algorithm,
      userinfo_signed_response_alg: algorithm,
    }],
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid, use: 'sig', alg: algorithm }] },
    responseTypes: ['code'],
    scopes: ['openid'],
    routes: { authorization: '/authorize', end_session: '/session/end', jwks: '/jwks', token: '/token', userinfo: '/userinfo' },
    acrValues: ['eidas1', 'eidas2', 'eidas3'],
    claims: {
      acr: null, amr: null, auth_time: null, iss: null, sid: null,
      openid: ['sub'],
      uid: ['uid'], given_name: ['given_name'], usual_name: ['usual_name'], siret: ['siret'],
      email: ['email', 'email_verified'],
    },
    features: {
      devInteractions: { enabled: false },
      jwtUserinfo: { enabled: true },
      claimsParameter: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          const button = '<button type="submit" form="op.logoutForm" name="logout" value="yes">Se déconnecter</button>';
          ctx.body = page('Se déconnecter de ProConnect', form + button);
        },
      },
    },
    ttl: { AccessToken: 60, AuthorizationCode: 30, Grant: 30, IdToken: 60, Interaction: 7200, Session: 43200 },
    // It takes PKCE and does not demand it.
    pkce: { required: () => false },
    cookies: { keys: ['essai'] },
    clientBasedCORS: () => false,
    interactions: { url: (_, interaction) => `${PREFIX}/interaction/${interaction.uid}` },
    findAccount: (_, id) => told.people[id] && {
      accountId: id,
      claims: () => {
        const { acr, amr, ...said } = told.people[id];
        return { sub: id, ...said };
      },
    },
    // Whoever identifies there agrees that what was asked is given.
    loadExistingGrant: async (ctx) => {
      const { clientId } = ctx.oidc.client;
      const grant = new ctx.oidc.provider.Grant({ clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid uid given_name usual_name siret email');
      await grant.save();
      return grant;
    },
  });
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'token' && ctx.body?.id_token && told.lie.id_token) {
      ctx.body.id_token = falsified(ctx.body.id_token, told.lie.id_token);
    }
    if (ctx.oidc?.route === 'userinfo' && ctx.status === 200 && told.lie.userinfo) {
      if (told.lie.userinfo === 'plain') {
        ctx.body = JSON.parse(Buffer.from(ctx.body.split('.')[1], 'base64url'));
      } else {
        ctx.body = falsified(ctx.body, told.lie.userinfo);
        ctx.type = 'application/jwt; charset=utf-8';
      }
    }
  });
  return provider.callback();
}

async function read(request) {
  let text = '';
  for await (const piece of request) text += piece;
  return text;
}

function refuse(response, why) {
  response.writeHead(400, { 'content-type': 'text/html; charset=utf-8' });
  response.end(page('Y000400', `<p>Bad Request Exception: ${why}</p>`));
}

/// Whether what is asked lacks what ProConnect requires, or has what it does not know.
function wrong(query) {
  for (const name of query.keys()) if (!PARAMETERS.has(name)) return `${name} is not known`;
  for (const name of ['state', 'nonce']) if ((query.get(name) ?? '').length < 32) return `${name} is too short`;
  return null;
}

/// Where people identify: a button for each that there is.
async function interaction(request, response) {
  const { prompt, uid } = await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    const buttons = Object.keys(told.people).map((id) => `<p><button name="who" value="${id}">${id}</button></p>`);
    const leave = '<p><button name="who" value="">Renoncer</button></p>';
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page('S’identifier', `<form method="post">${buttons.join('')}${leave}</form><p>${prompt.name} ${uid}</p>`));
    return;
  }
  const who = new URLSearchParams(await read(request)).get('who');
  const { acr, amr } = told.people[who] ?? {};
  let result = { login: { accountId: who, acr, amr } };
  if (told.gives) result = { error: told.gives, error_description: 'As it was told.' };
  else if (!who) result = { error: 'access_denied', error_description: 'User auth aborted' };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

/// What a test tells, and asks.
async function control(request, response) {
  if (request.method === 'POST') {
    const { rotate, ...rest } = JSON.parse(await read(request));
    Object.assign(told, rest);
    if (rotate) {
      keys = freshKeys();
      handle = start();
    }
    asked = {};
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(asked));
}

/// Answers otherwise than it ought to.
function misbehave(response, how) {
  const ways = {
    silence: () => {},
    giant: () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => { while (response.write(' '.repeat(65536))); };
      response.on('drain', more);
      more();
    },
    impostor: () => {
      const place = (name) => `${issuer}/${name}`;
      const description = {
        issuer: 'https://autre.example',
        authorization_endpoint: place('authorize'),
        token_endpoint: place('token'),
        userinfo_endpoint: place('userinfo'),
        jwks_uri: place('jwks'),
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: [algorithm],
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(description));
    },
    elsewhere: () => response.writeHead(302, { location: `${issuer}/essai` }).end(),
    failure: () => response.writeHead(503, { 'content-type': 'text/html' }).end('<p>panne</p>'),
  };
  ways[how]();
}

/// A browser's clock is its own: what ends by the provider's would end at once there, or never.
function forTheWindow(response) {
  const set = response.setHeader.bind(response);
  const untimed = (cookie) => (cookie.includes('1970') ? cookie : cookie.replace(/; expires=[^;]*/i, ''));
  response.setHeader = (name, value) => set(name, name.toLowerCase() === 'set-cookie' ? [value].flat().map(untimed) : value);
}

let handle;
const server = http.createServer(async (request, response) => {
  forTheWindow(response);
  try {
    const url = new URL(request.url, issuer);
    const name = url.pathname.slice(PREFIX.length);
    if (name === '/essai') return await control(request, response);
    asked[name] = (asked[name] ?? 0) + 1;
    if (told.answer?.path === name) return misbehave(response, told.answer.how);
    if (name.startsWith('/interaction/')) return await interaction(request, response);
    const why = name === '/authorize' ? wrong(url.searchParams) : null;
    if (why) return refuse(response, why);
    request.originalUrl = request.url;
    request.url = request.url.slice(PREFIX.length);
    return handle(request, response);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}${PREFIX}`;
  handle = start();
  console.log(issuer);
});
process.stdin.on('end', () => process.exit());
process.stdin.resume();
