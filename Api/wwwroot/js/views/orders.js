/** Orders and closed trades. */
import { h, panel } from '../dom.js';
import * as format from '../format.js';
import { openStory } from '../parts/story.js';
import { currency, draws, state } from '../store.js';
import { opener, Table } from '../table.js';

export const lists = ['orders', 'trades', 'instruments'];

const decimalsOf = symbol => format.decimalsOf(state.instruments.get(symbol)?.tickSize);
const story = row => openStory(row.positionId);
const side = row => row.side === 'buy' ? '▲ buy' : '▼ sell';
const sideTone = row => row.side === 'buy' ? 'up' : 'down';

export function build() {
  return h('div', { class: 'view stack' }, h('h2', { class: 'unseen' }, 'Orders and trades'), orders(), trades());
}

function orders() {
  const table = new Table({
    label: 'Orders', key: row => row.orderId, filter: true, onRow: story, pageSize: 25,
    empty: 'No order yet. They leave once a strategy signals and risk lets it pass.',
    columns: [
      { id: 'time', title: 'Time', value: row => row.createdAt, text: row => format.when(row.createdAt), hint: row => format.utc(row.createdAt) },
      opener('symbol', 'Symbol', row => row.symbol, story),
      { id: 'side', title: 'Side', text: side, tone: sideTone },
      { id: 'intent', title: 'Intent', text: row => format.words(row.intent), priority: 2 },
      { id: 'strategy', title: 'Strategy', text: row => row.strategy, priority: 2 },
      { id: 'type', title: 'Type', text: row => format.words(row.type), priority: 3 },
      { id: 'quantity', title: 'Quantity', unit: () => 'lots', isNumber: true, value: row => row.quantity, text: row => format.quantity(row.quantity), priority: 2 },
      { id: 'price', title: 'Price', isNumber: true, value: row => row.price, text: row => format.price(row.price, decimalsOf(row.symbol)), priority: 3 },
      { id: 'filled', title: 'Filled', unit: () => 'lots', isNumber: true, value: row => row.filled, text: row => format.quantity(row.filled), priority: 2 },
      { id: 'average', title: 'Average', isNumber: true, value: row => row.averagePrice, text: row => format.price(row.averagePrice, decimalsOf(row.symbol)), priority: 3 },
      { id: 'status', title: 'Status', text: row => format.words(row.status), tone: row => row.status === 'rejected' ? 'bad' : '' },
      { id: 'reason', title: 'Reason', text: row => format.words(row.reason), priority: 3, class: 'long', hint: row => row.reason },
    ],
  });
  const element = panel('Orders', { className: 'orders', tools: [table.filterField] }, table.element);
  draws(element, ['orders', 'instruments'], () => table.render(state.orders));
  return element;
}

function trades() {
  const table = new Table({
    label: 'Closed trades', key: row => row.positionId, filter: true, onRow: story, pageSize: 25,
    empty: 'No position was closed yet. Stops, targets and strategies close them; so do you, on the desk.',
    columns: [
      { id: 'time', title: 'Closed', value: row => row.closedAt, text: row => format.when(row.closedAt), hint: row => format.utc(row.closedAt) },
      opener('symbol', 'Symbol', row => row.symbol, story),
      { id: 'side', title: 'Side', text: side, tone: sideTone },
      { id: 'strategy', title: 'Strategy', text: row => row.strategy, priority: 2 },
      { id: 'quantity', title: 'Quantity', unit: () => 'lots', isNumber: true, value: row => row.quantity, text: row => format.quantity(row.quantity), priority: 3 },
      { id: 'entry', title: 'Entry', isNumber: true, value: row => row.entryPrice, text: row => format.price(row.entryPrice, decimalsOf(row.symbol)), priority: 2 },
      { id: 'exit', title: 'Exit', isNumber: true, value: row => row.exitPrice, text: row => format.price(row.exitPrice, decimalsOf(row.symbol)), priority: 2 },
      { id: 'pnl', title: 'P&L', unit: currency, isNumber: true, value: row => row.pnl, text: row => format.change(row.pnl), tone: row => format.tone(row.pnl) },
      { id: 'commission', title: 'Commission', unit: currency, isNumber: true, value: row => row.commission, text: row => format.money(row.commission), priority: 3 },
      {
        id: 'held', title: 'Held', isNumber: true, value: row => Date.parse(row.closedAt) - Date.parse(row.openedAt),
        text: row => format.span(Date.parse(row.closedAt) - Date.parse(row.openedAt)), priority: 3,
      },
      { id: 'reason', title: 'Reason', text: row => format.words(row.reason), priority: 2, class: 'long' },
    ],
  });
  const element = panel('Closed trades', { className: 'trades', tools: [table.filterField] }, table.element);
  draws(element, ['trades', 'instruments'], () => table.render(state.trades));
  return element;
}
