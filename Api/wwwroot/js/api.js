/** Requests to the silo that served this page. */

/** What the silo, or the way to it, refused. */
export class Problem extends Error {
  constructor(status, title, detail) {
    super(detail ? `${title}: ${detail}` : title);
    this.status = status;
    this.title = title;
    this.detail = detail;
  }
}

// A read that hangs would hold one of the few connections a browser has for a host.
const LONGEST_READ = 10_000;

let antiforgery = null;
let signedOut = () => {};

/** Who asks: name and role; also what a session has to repeat with each change. */
export async function readSession() {
  const session = await get('/v1/session');
  antiforgery = session.antiforgery;
  return session;
}

/** Begins a session with a key. */
export async function signIn(key) {
  const session = await send('POST', '/v1/session', { key }, { isSignIn: true });
  antiforgery = session.antiforgery;
  return session;
}

/** Ends the session. */
export async function signOut() {
  await send('DELETE', '/v1/session');
  antiforgery = null;
}

/** Called once a request is refused for want of a session. */
export function onSignedOut(listener) {
  signedOut = listener;
}

export const get = path => send('GET', path);

export const post = (path, body = {}) => send('POST', path, body);

export const remove = path => send('DELETE', path);

async function send(method, path, body = undefined, { isSignIn = false } = {}) {
  const headers = {};
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (antiforgery && method !== 'GET') {
    headers['X-Antiforgery'] = antiforgery;
  }
  let response;
  try {
    response = await fetch(path, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: 'no-store',
      signal: method === 'GET' ? AbortSignal.timeout(LONGEST_READ) : undefined,
    });
  } catch {
    throw new Problem(0, 'The silo does not answer', 'Is it running? Whether a command was carried out is not known.');
  }
  if (response.ok) {
    return response.status === 204 ? null : response.json();
  }
  const problem = await problemOf(response);
  if (response.status === 401 && !isSignIn) {
    signedOut();
  }
  throw problem;
}

async function problemOf(response) {
  try {
    const body = await response.json();
    return new Problem(response.status, body.title ?? `HTTP ${response.status}`, body.detail);
  } catch {
    return new Problem(response.status, `HTTP ${response.status}`, null);
  }
}

/** All pages of a list. */
export async function getAll(path) {
  const items = [];
  let next = null;
  do {
    const page = await get(`${path}?limit=1000${next ? `&after=${encodeURIComponent(next)}` : ''}`);
    items.push(...page.items);
    next = page.next;
  } while (next);
  return items;
}
