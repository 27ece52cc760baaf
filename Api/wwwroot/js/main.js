/** The page: who asks, which view is shown. */
import { onSignedOut, readSession } from './api.js';
import * as data from './data.js';
import { h } from './dom.js';
import { buildBanners, buildSession, buildSignIn } from './parts/session.js';
import { toast } from './parts/toasts.js';
import { buildTopbar } from './parts/topbar.js';
import { changed, schedule, state } from './store.js';
import * as audit from './views/audit.js';
import * as desk from './views/desk.js';
import * as engine from './views/engine.js';
import * as letters from './views/letters.js';
import * as orders from './views/orders.js';
import * as risk from './views/risk.js';
import * as strategies from './views/strategies.js';

const VIEWS = {
  desk: { title: 'Desk', ...desk }, orders: { title: 'Orders', ...orders }, engine: { title: 'Engine', ...engine },
  strategies: { title: 'Strategies', ...strategies }, risk: { title: 'Risk', ...risk }, letters: { title: 'Dead letters', ...letters },
  audit: { title: 'Audit', ...audit },
};

// How long to wait before the start is tried again where the silo is not ready.
const RETRY = 2_000;

const main = document.getElementById('main');
const tabs = document.getElementById('tabs');
const built = new Map();
const links = new Map();
const signInForm = buildSignIn(enter);
let isStarting = false;

buildTopbar(document.getElementById('top'));
document.getElementById('bar').append(buildSession(askForKey));
buildBanners(document.getElementById('banners'));
for (const [name, view] of Object.entries(VIEWS)) {
  const link = h('a', { href: `#${name}` }, view.title);
  links.set(name, link);
  tabs.append(link);
}
addEventListener('hashchange', () => {
  show();
  main.focus({ preventScroll: true });
});
onSignedOut(askForKey);
addEventListener('visibilitychange', () => document.visibilityState === 'visible' && schedule());
start();

/** Shows the view of the address; views are built once, and drawn while they are shown. */
function show() {
  if (!state.session) {
    return;
  }
  const name = location.hash.slice(1) in VIEWS ? location.hash.slice(1) : 'desk';
  if (!built.has(name)) {
    built.set(name, VIEWS[name].build());
  }
  for (const [other, link] of links) {
    if (other === name) {
      link.setAttribute('aria-current', 'page');
      link.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    } else {
      link.removeAttribute('aria-current');
    }
  }
  main.replaceChildren(built.get(name));
  data.want(VIEWS[name].lists);
  schedule();
}

async function start() {
  if (isStarting) {
    return;
  }
  isStarting = true;
  try {
    enter(await readSession());
  } catch (problem) {
    if (problem.status === 401 || problem.status === 429) {
      askForKey();
    } else {
      lose();
    }
  } finally {
    isStarting = false;
  }
}

async function enter(session) {
  state.session = session;
  changed('session');
  show();
  try {
    await data.begin(verify);
  } catch (problem) {
    if (problem.status === 401) {
      askForKey();
    } else {
      lose();
    }
  }
}

/** Nothing answers yet: says so, and tries again. */
function lose() {
  if (state.connection.phase !== 'lost') {
    state.connection = { phase: 'lost', since: Date.now() };
    changed('connection');
  }
  if (!state.session) {
    main.replaceChildren(h('p', { class: 'empty plain' }, 'The silo does not answer, or waits for its store. This page tries again by itself.'));
  }
  setTimeout(start, RETRY);
}

/** The stream was lost: perhaps because the session ended with the silo. */
function verify() {
  readSession().then(session => { state.session = session; changed('session'); }, () => {});
}

function askForKey() {
  if (main.contains(signInForm.element)) {
    return;
  }
  data.end();
  const wasIn = state.session !== null;
  state.session = null;
  changed('session');
  main.replaceChildren(signInForm.element);
  signInForm.focus();
  if (wasIn) {
    toast('You are signed out. Sign in to go on.');
  }
}
