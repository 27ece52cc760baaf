/** Limits against what is used of them, and halts. */
import { post } from '../api.js';
import { refresh } from '../data.js';
import { h, panel, setAttribute, setText } from '../dom.js';
import * as format from '../format.js';
import { actionButton, actionColumn } from '../parts/action.js';
import { ask } from '../parts/dialog.js';
import { toast } from '../parts/toasts.js';
import { draws, state } from '../store.js';
import { Table } from '../table.js';

export const lists = ['risk'];

// From these shares of a limit on it is worth a look.
const NEAR = 0.7;
const VERY_NEAR = 0.9;

const isShare = unit => unit.startsWith('of ');
const shown = (value, unit) => isShare(unit) ? format.percent(value, 2) : format.number(value, unit.startsWith('times') ? 2 : 0);
const useTone = share => share === null ? '' : share >= VERY_NEAR ? 'bad' : share >= NEAR ? 'warn' : '';

export function build() {
  return h('div', { class: 'view stack' }, h('h2', { class: 'unseen' }, 'Risk'), limits(), halts(), accounts());
}

function limits() {
  const table = new Table({
    label: 'Limits', key: row => `${row.scope}/${row.limit}`, pageSize: 100, empty: 'No limits: the engine was started with --risk open, for tests.',
    columns: [
      { id: 'limit', title: 'Limit', text: row => format.words(row.limit) },
      { id: 'scope', title: 'Of', text: row => row.scope, priority: 3 },
      { id: 'use', title: 'Used', isNumber: true, value: row => row.use, text: row => shown(row.use, row.unit), tone: row => useTone(row.share) },
      { id: 'value', title: 'Limit is', isNumber: true, value: row => row.value, text: row => shown(row.value, row.unit) },
      { id: 'unit', title: 'Unit', text: row => row.unit, priority: 2 },
      {
        id: 'share', title: 'Share', isNumber: true, value: row => row.share, class: 'meter-cell',
        build: cell => cell.append(h('meter', { min: 0, max: 1, high: VERY_NEAR, low: NEAR, optimum: 0 }), h('span')),
        update: (cell, row) => {
          cell.firstChild.value = Math.min(1, row.share ?? 0);
          setAttribute(cell.firstChild, 'aria-label', `${format.words(row.limit)} used`);
          setText(cell.lastChild, ` ${format.percent(row.share, 0)}`);
        },
      },
    ],
  });
  const name = h('span', { class: 'note' });
  const element = panel('Limits against use', { className: 'limits', note: name }, table.element);
  draws(element, ['risk'], () => {
    setText(name, state.risk ? state.risk.limits : '');
    table.render(state.risk?.items ?? null);
  });
  return element;
}

function halts() {
  const table = new Table({
    label: 'Halts', key: row => `${row.scope}/${row.by}`, pageSize: 50, empty: 'Nothing is halted. A halt stops entries of a symbol, strategy, tier or account.',
    columns: [
      { id: 'scope', title: 'Scope', text: row => row.scope },
      { id: 'by', title: 'By', text: row => row.by, priority: 2 },
      { id: 'reason', title: 'Reason', text: row => format.text(row.reason), class: 'long', hint: row => row.reason },
      { id: 'until', title: 'Until', value: row => row.until, text: row => row.until ? format.when(row.until) : 'lifted by hand', hint: row => format.utc(row.until), priority: 2 },
      actionColumn({
        title: 'Lift', label: 'Lift', action: 'unhalt', name: row => `Lift the halt of ${row.scope}`, hint: 'Lets it take entries again.',
        run: async row => {
          const answer = await post('/v1/commands/unhalt', { scope: row.scope });
          toast(answer.reason);
          refresh('risk');
        },
      }),
    ],
  });
  const add = actionButton({ label: 'Halt …', action: 'halt', className: 'small', hint: 'Stops entries of a symbol, strategy, tier or account.', run: halt });
  const element = panel('Halts', { className: 'halts', tools: [add.element] }, table.element);
  draws(element, ['risk', 'session'], () => {
    table.render(state.risk?.halts ?? null);
    add.update();
  });
  return element;
}

async function halt() {
  const values = await ask({
    title: 'Halt entries', action: 'Halt', text: 'Entries stop; exits are managed as ever.',
    fields: [
      { name: 'kind', label: 'What', kind: 'choice', choices: [['symbol', 'Symbol'], ['strategy', 'Strategy'], ['tier', 'Tier']] },
      { name: 'name', label: 'Name', required: 'Name it, such as EURUSD.' },
      { name: 'reason', label: 'Reason', required: 'Say why: it is recorded.' },
      { name: 'minutes', label: 'For minutes', hint: 'Empty: until it is lifted.' },
    ],
  });
  if (!values) {
    return;
  }
  const minutes = values.minutes === '' ? null : Number(values.minutes);
  if (minutes !== null && !(minutes > 0)) {
    throw new Error(`For minutes is ${values.minutes}; use a number above 0, or leave it empty.`);
  }
  const answer = await post('/v1/commands/halt', {
    scope: `${values.kind}/${values.name}`, reason: values.reason, durationSeconds: minutes === null ? null : minutes * 60,
  });
  toast(answer.reason);
  refresh('risk');
}

function accounts() {
  const money = (id, title, read, priority = 2) => ({ id, title, isNumber: true, value: read, text: row => format.money(read(row)), priority });
  const table = new Table({
    label: 'Accounts', key: row => row.account, empty: 'No account has traded yet.',
    columns: [
      { id: 'account', title: 'Account', text: row => row.account },
      { id: 'currency', title: 'Currency', text: row => row.currency, priority: 3 },
      money('equity', 'Equity', row => row.equity, 1),
      { ...money('realized', 'Realised', row => row.realized, 2), text: row => format.change(row.realized), tone: row => format.tone(row.realized) },
      { ...money('unrealized', 'Unrealised', row => row.unrealized, 1), text: row => format.change(row.unrealized), tone: row => format.tone(row.unrealized) },
      money('long', 'Long', row => row.long, 3),
      money('short', 'Short', row => row.short, 3),
      { id: 'open', title: 'Open', isNumber: true, value: row => row.openPositions, text: row => format.number(row.openPositions), priority: 2 },
      { id: 'working', title: 'Working orders', isNumber: true, value: row => row.workingOrders, text: row => format.number(row.workingOrders), priority: 3 },
      { id: 'limits', title: 'Limits', text: row => row.limits, priority: 3 },
    ],
  });
  const element = panel('Accounts', { className: 'accounts' }, table.element);
  draws(element, ['status'], () => table.render(state.status?.accounts ?? null));
  return element;
}
