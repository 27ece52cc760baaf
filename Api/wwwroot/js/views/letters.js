/** Messages that could not be understood: look, mend their cause, put them back. */
import { get, post, remove } from '../api.js';
import { refresh } from '../data.js';
import { h, panel, setText } from '../dom.js';
import * as format from '../format.js';
import { actionButton, actionColumn } from '../parts/action.js';
import { ask, open } from '../parts/dialog.js';
import { toast } from '../parts/toasts.js';
import { draws, state } from '../store.js';
import { opener, Table } from '../table.js';

export const lists = ['letters'];

export function build() {
  const table = new Table({
    label: 'Dead letters', key: row => row.id, filter: true, onRow: view, pageSize: 50,
    empty: 'No dead letter. What an agent sends and the engine cannot read would be kept here, with the reason.',
    columns: [
      { id: 'time', title: 'Time', value: row => row.time, text: row => format.when(row.time), hint: row => format.utc(row.time) },
      opener('reason', 'Reason', row => row.reason, view),
      { id: 'queue', title: 'Queue', text: row => row.queue, priority: 2 },
      { id: 'detail', title: 'Detail', text: row => row.detail, class: 'long', hint: row => row.detail },
      { id: 'size', title: 'Size', unit: () => 'bytes', isNumber: true, value: row => row.size, text: row => format.number(row.size), priority: 3 },
      { id: 'deliveries', title: 'Deliveries', isNumber: true, value: row => row.deliveries, text: row => format.number(row.deliveries), priority: 3 },
      actionColumn({
        title: 'Requeue', label: 'Requeue', action: 'requeue', name: row => `Requeue letter ${row.id}`, hint: 'Puts it back at the end of its queue.',
        run: row => requeue(row.id),
      }),
    ],
  });
  const all = actionButton({
    label: 'Requeue all', action: 'requeue', className: 'small', hint: 'Puts all of them back, oldest first.', run: () => requeue('*'),
    why: () => state.letters?.items.length ? null : 'There is none.',
  });
  const purge = actionButton({
    label: 'Purge …', action: 'purge', className: 'small', hint: 'Throws all of them away.', why: () => state.letters?.items.length ? null : 'There is none.',
    run: async () => {
      if (await ask({
        title: 'Purge the dead letters', action: 'Purge', isDangerous: true, text: `${format.number(state.letters.kept)} messages are thrown away for good.`,
      })) {
        const answer = await remove('/v1/deadletters');
        toast(answer.reason);
        refresh('letters');
      }
    },
  });
  const note = h('span', { class: 'note' });
  const element = panel('Dead letters', { className: 'letters', tools: [table.filterField, all.element, purge.element], note }, table.element);
  draws(element, ['letters', 'session'], () => {
    table.render(state.letters?.items ?? null);
    const counts = Object.entries(state.letters?.counts ?? {}).map(([code, count]) => `${code} ${format.number(count)}`);
    setText(note, state.letters ? [`${format.number(state.letters.kept)} kept`, ...counts].join(' · ') : '');
    all.update();
    purge.update();
  });
  return h('div', { class: 'view stack' }, h('h2', { class: 'unseen' }, 'Dead letters'), element);
}

async function requeue(id) {
  const answer = await post(`/v1/deadletters/${encodeURIComponent(id)}/requeue`);
  toast(`requeue: ${answer.reason || answer.status}`);
  refresh('letters');
}

async function view(row) {
  const letter = await get(`/v1/deadletters/${encodeURIComponent(row.id)}`).catch(problem => {
    toast(problem.message, { isError: true });
    return null;
  });
  if (!letter) {
    return;
  }
  const pair = (name, value) => h('div', null, h('dt', null, name), h('dd', null, value));
  open(`Dead letter ${letter.id}`, { className: 'wide' },
    h('dl', { class: 'facts' },
      pair('Queue', letter.queue), pair('Reason', letter.reason), pair('Time', format.when(letter.time)), pair('Deliveries', format.number(letter.deliveries)),
      pair('Size', `${format.number(letter.size)} bytes`)),
    h('p', { class: 'letter-detail' }, letter.detail),
    h('pre', { class: 'payload', tabindex: '0', 'aria-label': 'Message' }, letter.text ?? letter.base64 ?? format.DASH),
    h('p', { class: 'hint' }, letter.text === null && letter.base64 ? 'Bytes that are no text, in base 64. Mend what sends them; a requeue sends the same bytes again.'
      : 'Mend what sends it; a requeue sends the same bytes again.'));
}
