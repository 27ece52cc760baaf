/** The audit: what was decided, newest first, and how far it is sealed. */
import { h, panel, setText } from '../dom.js';
import * as format from '../format.js';
import { draws, state } from '../store.js';
import { activityTable } from './activity.js';

export const lists = ['head'];

export function build() {
  const table = activityTable({ isShort: false });
  const facts = panel('Audit', { className: 'audit', tools: [table.filterField] }, table.element);
  draws(facts, ['facts'], () => table.render(state.facts));
  return h('div', { class: 'view stack' }, h('h2', { class: 'unseen' }, 'Audit'), head(), facts);
}

function head() {
  const fields = {};
  const pair = (id, name) => {
    fields[id] = h('dd', { id: `head-${id}` }, format.DASH);
    return h('div', null, h('dt', null, name), fields[id]);
  };
  const element = panel('Head', { className: 'head' },
    h('dl', { class: 'facts' },
      pair('sealed', 'Sealed up to entry'), pair('number', 'Seal'), pair('time', 'Sealed at'), pair('moved', 'Moved to files up to'), pair('hash', 'Hash of the seal')),
    h('p', { class: 'hint' }, 'Each seal holds the hash of the one before: Client -- audit verify reads all of it again and finds any change.'));
  draws(element, ['head'], () => {
    const { sealed, moved } = state.head ?? {};
    setText(fields.sealed, format.number(sealed?.last));
    setText(fields.number, format.number(sealed?.number));
    setText(fields.time, format.when(sealed?.time));
    setText(fields.moved, moved ? format.number(moved.last) : format.DASH);
    setText(fields.hash, format.text(sealed?.hash));
  });
  return element;
}
