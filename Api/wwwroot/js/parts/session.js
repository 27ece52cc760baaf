/** Beside the tabs: connection, theme and who asks. And the form to sign in. */
import { signIn, signOut } from '../api.js';
import { h, setAttribute, setText } from '../dom.js';
import { span } from '../format.js';
import { changed, draws, state } from '../store.js';
import { toast } from './toasts.js';

const THEMES = ['auto', 'dark', 'light'];

/** Connection, theme switch, who asks. */
export function buildSession(onLeft) {
  const connection = h('span', { class: 'connection', id: 'connection', role: 'status' });
  const who = h('span', { class: 'who', id: 'who' });
  const leave = h('button', {
    type: 'button', class: 'small', hidden: true, on: {
      click: async () => {
        await signOut().catch(problem => toast(problem.message, { isError: true }));
        onLeft();
      },
    },
  }, 'Sign out');
  const element = h('div', { class: 'session' }, connection, themeSwitch(), who, leave);
  draws(element, ['connection', 'session'], () => {
    const { phase } = state.connection;
    setText(connection, phase === 'live' ? '● Live' : phase === 'lost' ? '○ Reconnecting' : '○ Connecting');
    setAttribute(connection, 'class', `connection ${phase === 'live' ? 'good' : 'warn'}`);
    setText(who, state.session ? `${state.session.name} · ${state.session.role}` : '');
    leave.hidden = !state.session?.antiforgery;
  });
  return element;
}

function themeSwitch() {
  const root = document.documentElement;
  const button = h('button', {
    type: 'button', class: 'small', id: 'theme', on: {
      click: () => {
        const next = THEMES[(THEMES.indexOf(root.dataset.theme ?? 'auto') + 1) % THEMES.length];
        if (next === 'auto') {
          delete root.dataset.theme;
          localStorage.removeItem('theme');
        } else {
          root.dataset.theme = next;
          localStorage.setItem('theme', next);
        }
        show();
      },
    },
  });
  const show = () => {
    const theme = root.dataset.theme ?? 'auto';
    setText(button, { auto: '◐ Auto', dark: '● Dark', light: '○ Light' }[theme]);
    setAttribute(button, 'title', 'Theme: automatic, dark or light');
    setAttribute(button, 'aria-label', `Theme: ${theme}`);
    changed('theme');
  };
  show();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => changed('theme'));
  return button;
}

/** Above the view: what stands in the way, and what to do. */
export function buildBanners(element) {
  const lost = h('p', { class: 'banner warn', id: 'banner-lost' });
  const mode = h('p', { class: 'banner', id: 'banner-mode' });
  const store = h('p', { class: 'banner bad', id: 'banner-store' });
  element.append(lost, store, mode);
  const draw = () => {
    const { status, connection } = state;
    lost.hidden = connection.phase !== 'lost';
    setText(lost, lost.hidden ? '' : `The silo does not answer since ${span(Date.now() - connection.since)}; what is shown is from before. `
      + 'Look whether it runs (Client -- status, or /health/ready); this page connects again by itself.');
    mode.hidden = !status || status.mode === 'running';
    setText(mode, mode.hidden ? '' : modeText(status));
    setAttribute(mode, 'class', `banner ${status?.mode.startsWith('killed') ? 'bad' : 'warn'}`);
    store.hidden = !status || status.storeHealth.connected;
    setText(store, store.hidden ? '' : `The store does not answer${status.storeHealth.error ? `: ${status.storeHealth.error}` : ''}. Nothing is traded until it does.`);
  };
  draws(element, ['status', 'connection'], draw);
  setInterval(() => state.connection.phase === 'lost' && changed('connection'), 1_000);
}

function modeText(status) {
  const why = status.modeReason ? ` (${status.modeReason})` : '';
  switch (status.mode) {
    case 'killed': return `Killed${why}: nothing but cancels leaves. Find out why, then Reset, and Resume.`;
    case 'killed_flattening': return `Killed, and closing all positions${why}. Reset once they are closed, then Resume.`;
    case 'paused': return `Paused${why}: no entries; exits are managed. Resume takes entries again.`;
    case 'reduce_only': return `Reduce only${why}: no entries; exits are managed. Resume takes entries again.`;
    case 'stopping': return `Stopping${why}: positions are being closed.`;
    default: return `Stopped${why}: nothing is traded. Start takes entries again.`;
  }
}

/** The form that is there instead of the views until somebody signed in. */
export function buildSignIn(onEntered) {
  const error = h('p', { class: 'error', role: 'alert', id: 'key-error' });
  const key = h('input', {
    id: 'key', type: 'password', autocomplete: 'current-password', required: true, 'aria-describedby': 'key-hint key-error', spellcheck: 'false',
  });
  const form = h('form', { class: 'panel sign-in', novalidate: true },
    h('h2', null, 'Sign in'),
    h('div', { class: 'field' }, h('label', { for: 'key' }, 'API key'), key,
      h('p', { class: 'hint', id: 'key-hint' }, 'It begins with te_. An administrator makes one with: Client -- keys create')),
    error, h('div', { class: 'dialog-actions' }, h('button', { type: 'submit', class: 'primary' }, 'Sign in')));
  form.addEventListener('submit', async event => {
    event.preventDefault();
    setText(error, '');
    if (!key.value.trim()) {
      setText(error, 'Give a key.');
      key.focus();
      return;
    }
    try {
      const session = await signIn(key.value.trim());
      key.value = '';
      onEntered(session);
    } catch (problem) {
      setText(error, problem.message);
      key.select();
    }
  });
  return { element: form, focus: () => key.focus() };
}
