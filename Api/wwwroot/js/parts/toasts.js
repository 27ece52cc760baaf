/** Short messages at the edge: what was done, and what was not. */
import { h } from '../dom.js';

const STAYS = 6_000;
const MOST = 4;

/** Shows a message; what went wrong stays until it is closed. */
export function toast(text, { isError = false } = {}) {
  const box = document.getElementById('toasts');
  const element = h('div', { class: isError ? 'toast bad' : 'toast', role: isError ? 'alert' : null },
    h('span', null, text),
    h('button', { type: 'button', class: 'small', 'aria-label': 'Dismiss', on: { click: () => element.remove() } }, '✕'));
  // Where a dialog is open, what is behind it cannot be reached; messages stay readable there.
  box.append(element);
  while (box.children.length > MOST) {
    box.firstChild.remove();
  }
  if (!isError) {
    setTimeout(() => element.remove(), STAYS);
  }
}
