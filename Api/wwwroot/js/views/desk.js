/** The desk: prices, equity, positions and what happened last. */
import { post } from '../api.js';
import { candleOption, Chart, equityOption } from '../charts.js';
import { chooseChart, keyOf, refresh } from '../data.js';
import { h, panel, setText } from '../dom.js';
import * as format from '../format.js';
import { actionButton, actionColumn } from '../parts/action.js';
import { ask } from '../parts/dialog.js';
import { openStory } from '../parts/story.js';
import { toast } from '../parts/toasts.js';
import { currency, draws, state } from '../store.js';
import { opener, Table } from '../table.js';
import { activityTable } from './activity.js';

const PERIODS = [['10s', '10 s'], ['1m', '1 min']];

// Charts are redrawn at most this often: nobody reads faster, and the tables keep their frames.
const REDRAW = 1_000;

/** What of the lists it shows. */
export const lists = ['positions', 'instruments', 'candles', 'orders', 'equity'];

export function build() {
  return h('div', { class: 'view desk' }, h('h2', { class: 'unseen' }, 'Desk'), prices(), equity(), positions(), activity());
}

const decimalsOf = symbol => format.decimalsOf(state.instruments.get(symbol)?.tickSize);

function prices() {
  const symbols = h('select', { id: 'symbol', 'aria-label': 'Symbol' });
  const period = h('select', { id: 'period', 'aria-label': 'Length of a candle' }, PERIODS.map(([key, shown]) => h('option', { value: key }, shown)));
  const last = h('span', { class: 'quote', id: 'quote' }, format.DASH);
  const canvas = h('div', { class: 'chart', id: 'price-chart', role: 'img', 'aria-label': 'Prices' });
  const empty = h('p', { class: 'empty chart-empty' });
  const element = panel('Prices', { className: 'prices', tools: [symbols, period], note: last }, h('div', { class: 'chart-box' }, canvas, empty));
  const chart = new Chart(canvas);
  const choose = () => chooseChart(symbols.value || null, period.value);
  symbols.addEventListener('change', choose);
  period.addEventListener('change', choose);

  draws(element, ['instruments'], () => {
    const names = [...state.instruments.keys()];
    if (names.join() !== [...symbols.options].map(option => option.value).join()) {
      const before = symbols.value;
      symbols.replaceChildren(...names.map(name => h('option', { value: name }, name)));
      symbols.value = names.includes(before) ? before : busiest(names);
      choose();
    }
  });
  draws(element, ['prices', 'candles', 'instruments'], () => {
    const quote = state.prices.get(symbols.value) ?? state.instruments.get(symbols.value);
    const decimals = decimalsOf(symbols.value);
    setText(last, quote?.bid ? `bid ${format.price(quote.bid, decimals)}  ask ${format.price(quote.ask, decimals)}` : format.DASH);
  });
  draws(element, ['candles', 'prices', 'orders', 'theme'], paced(() => {
    const candles = state.candles?.items ?? [];
    const decimals = decimalsOf(state.candles?.symbol);
    empty.hidden = candles.length > 0;
    setText(empty, state.candles === null && state.instruments.size > 0 ? 'Loading …'
      : 'No prices yet. They come from the feed: --feed simulated trades at once, --feed redis waits for an agent.');
    const marks = marksOf(candles);
    chart.draw(candleOption(candles, marks, decimals), candles.length === 0 ? 'No prices yet'
      : `${state.candles.symbol}: ${candles.length} candles, last ${format.price(candles.at(-1).close, decimals)}, ${marks.length} entries and exits`);
  }));
  return element;
}

function busiest(names) {
  const count = new Map();
  for (const position of state.positions?.values() ?? []) {
    count.set(position.symbol, (count.get(position.symbol) ?? 0) + 1);
  }
  return [...names].sort((a, b) => (count.get(b) ?? 0) - (count.get(a) ?? 0))[0];
}

/** Orders of the chart's symbol that traded, on the candle of their time. */
function marksOf(candles) {
  if (candles.length === 0 || !state.orders) {
    return [];
  }
  const times = candles.map(candle => Date.parse(candle.at));
  const decimals = decimalsOf(state.candles.symbol);
  return state.orders.filter(order => order.symbol === state.candles.symbol && order.averagePrice && Date.parse(order.createdAt) >= times[0]).map(order => {
    const at = Date.parse(order.createdAt);
    const after = times.findIndex(time => time > at);
    const isEntry = order.intent !== 'close';
    return {
      index: after < 0 ? times.length - 1 : after - 1, price: order.averagePrice, isBuy: order.side === 'buy', isEntry,
      text: `${isEntry ? 'entry' : 'exit'}: ${order.side} ${format.quantity(order.filled)} at ${format.price(order.averagePrice, decimals)}, ${order.strategy}`,
    };
  });
}

function equity() {
  const canvas = h('div', { class: 'chart', id: 'equity-chart', role: 'img', 'aria-label': 'Equity and drawdown' });
  const empty = h('p', { class: 'empty chart-empty' }, 'Loading …');
  const element = panel('Equity and drawdown', { className: 'equity' }, h('div', { class: 'chart-box' }, canvas, empty));
  const chart = new Chart(canvas);
  draws(element, ['equity', 'theme'], paced(() => {
    const points = state.equity ?? [];
    const account = state.status?.accounts[0];
    empty.hidden = points.length > 0;
    setText(empty, state.equity === null ? 'Loading …' : 'No sample yet: the first comes within ten seconds.');
    const last = points.at(-1);
    chart.draw(equityOption(points, account?.currency ?? ''), last
      ? `Equity ${format.money(last.equity)} ${account?.currency ?? ''}, drawdown ${format.percent(last.drawdown, 2)}` : 'No equity yet');
  }));
  return element;
}

function positions() {
  const story = position => openStory(position.positionId);
  const table = new Table({
    label: 'Positions', key: keyOf, filter: true, onRow: story, sort: { id: 'age', isDescending: true },
    empty: 'No open position. They come with signals of strategies; entries are taken while the engine is running.',
    columns: [
      opener('symbol', 'Symbol', row => row.symbol, story),
      { id: 'strategy', title: 'Strategy', text: row => row.strategy, priority: 2 },
      { id: 'side', title: 'Side', text: row => row.side === 'buy' ? '▲ buy' : '▼ sell', tone: row => row.side === 'buy' ? 'up' : 'down' },
      { id: 'quantity', title: 'Quantity', unit: () => 'lots', isNumber: true, value: row => row.quantity, text: row => format.quantity(row.quantity), priority: 2 },
      { id: 'entry', title: 'Entry', isNumber: true, value: row => row.entryPrice, text: row => format.price(row.entryPrice, decimalsOf(row.symbol)), priority: 2 },
      { id: 'mark', title: 'Mark', isNumber: true, value: row => row.mark, text: row => format.price(row.mark, decimalsOf(row.symbol)), priority: 2 },
      { id: 'pnl', title: 'P&L', unit: currency, isNumber: true, value: row => row.unrealized, text: row => format.change(row.unrealized), tone: row => format.tone(row.unrealized) },
      { id: 'stop', title: 'Stop', isNumber: true, value: row => row.stopLoss, text: row => format.price(row.stopLoss, decimalsOf(row.symbol)), priority: 3 },
      { id: 'target', title: 'Target', isNumber: true, value: row => row.takeProfit, text: row => format.price(row.takeProfit, decimalsOf(row.symbol)), priority: 3 },
      {
        id: 'status', title: 'Status', text: row => `${format.words(row.status)}${row.status === 'open' && !row.isArmed && (row.stopLoss || row.takeProfit) ? ', exits not armed' : ''}`,
        priority: 4,
      },
      { id: 'age', title: 'Since', value: row => row.createdAt, text: row => format.when(row.openedAt ?? row.createdAt), hint: row => format.utc(row.openedAt ?? row.createdAt), priority: 3 },
      actionColumn({
        title: 'Close', label: 'Close', action: 'close', name: row => `Close ${row.symbol} of ${row.strategy}`, hint: 'Closes it at the market.',
        why: row => row.status === 'closing' ? 'It is closing already.' : killedReason(), run: close,
      }),
    ],
  });
  const all = actionButton({
    label: 'Close all', action: 'close', className: 'small', hint: 'Closes every position; the mode stays.', run: closeAll,
    why: () => !state.positions?.size ? 'Nothing is open.' : killedReason(),
  });
  const count = h('span', { class: 'note', id: 'position-count' });
  const element = panel('Positions', { className: 'positions', tools: [table.filterField, all.element], note: count }, table.element);
  draws(element, ['positions', 'instruments', 'session', 'status'], () => {
    const rows = state.positions ? [...state.positions.values()] : null;
    table.render(rows);
    const sum = rows?.reduce((total, row) => total + (row.unrealized ?? 0), 0);
    setText(count, rows ? `${format.number(rows.length)} open, ${format.change(sum)}` : '');
    all.update();
  });
  return element;
}

const killedReason = () => state.status?.mode === 'killed' || state.status?.mode === 'stopped'
  ? `The engine is ${state.status.mode}: no order leaves but cancels.` : null;

async function close(position) {
  if (!await ask({
    title: `Close ${position.symbol}`, action: 'Close position', isDangerous: true,
    text: `${position.side} ${format.quantity(position.quantity)} ${position.symbol} of ${position.strategy}, P&L ${format.change(position.unrealized)}. It is closed at the market.`,
  })) {
    return;
  }
  const answer = await post(`/v1/positions/${encodeURIComponent(position.positionId)}/close`);
  toast(`close ${position.symbol}: ${answer.reason || answer.status}`);
}

async function closeAll() {
  if (await ask({
    title: 'Close all positions', action: 'Close all', isDangerous: true,
    text: `${format.number(state.positions.size)} positions are closed at the market. The engine goes on as it is; to stop entries too, use Stop or KILL.`,
  })) {
    const answer = await post('/v1/positions/close');
    toast(`close all: ${answer.reason || answer.status}`);
    refresh('positions');
  }
}

function activity() {
  const table = activityTable({ isShort: true });
  const element = panel('Activity', { className: 'activity' }, table.element);
  draws(element, ['facts'], () => table.render(state.facts));
  return element;
}

function paced(draw) {
  let last = 0;
  let timer = null;
  const run = () => { timer = null; last = performance.now(); draw(); };
  return () => {
    const wait = REDRAW - (performance.now() - last);
    if (wait <= 0) {
      run();
    } else {
      timer ??= setTimeout(() => requestAnimationFrame(run), wait);
    }
  };
}
