/** The bar at the top: how the engine stands, what it is worth, and the commands. */
import { post } from '../api.js';
import { h, setAttribute, setText } from '../dom.js';
import * as format from '../format.js';
import { modeRefusal } from '../roles.js';
import { draws, state } from '../store.js';
import { actionButton } from './action.js';
import { ask } from './dialog.js';
import { toast } from './toasts.js';

// A feed that says nothing for longer is worth a look; limits of the engine's own count per symbol.
const OLD_FEED = 5_000;

const COMMANDS = [
  { action: 'start', label: 'Start', hint: 'Takes entries again.' },
  { action: 'pause', label: 'Pause', hint: 'No entries; exits are managed.' },
  { action: 'resume', label: 'Resume', hint: 'Takes entries again after a pause or a reset.' },
  { action: 'stop', label: 'Stop', hint: 'Closes all positions, then takes nothing.' },
  { action: 'reset', label: 'Reset', hint: 'Leaves a kill for reduce only.' },
];

/** Fills the bar. */
export function buildTopbar(element) {
  const metrics = {};
  const metric = (id, label, hint) => {
    metrics[id] = h('dd', { id: `metric-${id}` }, format.DASH);
    return h('div', { class: 'metric', title: hint }, h('dt', null, label), metrics[id]);
  };
  const venue = h('span', { class: 'badge', id: 'venue' }, format.DASH);
  const mode = h('span', { class: 'badge', id: 'mode' }, format.DASH);
  const buttons = COMMANDS.map(command => actionButton({
    ...command, run: () => execute(command.action), why: () => modeRefusal(state.status?.mode, command.action),
  }));
  const kill = actionButton({
    label: 'KILL', action: 'kill', className: 'kill', hint: 'Stops all trading at once.', run: killEngine,
    why: () => modeRefusal(state.status?.mode, 'kill'),
  });
  element.append(
    h('div', { class: 'brand' }, h('h1', null, 'TradingEngine'), venue, mode),
    h('dl', { class: 'metrics' },
      metric('equity', 'Equity', 'What the account is worth now.'),
      metric('day', 'Day P&L', 'Equity less that at the start of the day, UTC.'),
      metric('drawdown', 'Drawdown', 'Share of the highest equity that is lost.'),
      metric('feed', 'Feed age', 'Time since the newest price of any symbol.'),
      metric('open', 'Open', 'Positions that are not over.')),
    h('div', { class: 'commands', role: 'group', 'aria-label': 'Commands' }, buttons.map(button => button.element)),
    kill.element);

  const draw = () => {
    const status = state.status;
    const account = status?.accounts[0];
    const live = status && status.execution !== 'paper';
    setText(venue, !status ? format.DASH : live ? 'LIVE' : 'PAPER');
    setAttribute(venue, 'class', live ? 'badge warn' : 'badge');
    setAttribute(venue, 'title', status ? `Orders go to: ${status.execution}. Prices: ${status.feed}. Store: ${status.store}.` : null);
    setText(mode, status ? format.words(status.mode).toUpperCase() : format.DASH);
    setAttribute(mode, 'class', `badge ${status ? modeTone(status.mode) : ''}`);
    setText(metrics.equity, account ? `${format.money(account.equity)} ${account.currency}` : format.DASH);
    setText(metrics.day, format.change(account?.dayPnl));
    setAttribute(metrics.day, 'class', format.tone(account?.dayPnl));
    setText(metrics.drawdown, format.percent(account?.drawdown, 2));
    setText(metrics.feed, format.span(status?.feedAgeMilliseconds));
    setAttribute(metrics.feed, 'class', status?.feedAgeMilliseconds > OLD_FEED ? 'warn' : '');
    setText(metrics.open, format.number(status?.totals.active));
    for (const button of [...buttons, kill]) {
      button.update();
    }
    document.title = status ? `${format.words(status.mode)} · TradingEngine` : 'TradingEngine';
  };
  draws(element, ['status', 'session', 'connection'], draw);
}

const modeTone = mode => mode === 'running' ? 'good' : mode.startsWith('killed') ? 'bad' : 'warn';

async function killEngine() {
  const values = await ask({
    title: 'Kill the engine', action: 'Kill', isDangerous: true,
    text: 'From the answer on no order leaves but cancels; working orders are cancelled. Only a reset leads on.',
    fields: [
      { name: 'reason', label: 'Reason', kind: 'long', required: 'Say why: it is recorded, and shown to everybody.', hint: 'Such as: prices are wrong.' },
      { name: 'flatten', label: 'Close all positions too', kind: 'check' },
    ],
  });
  if (values) {
    await execute('kill', { reason: values.reason, flatten: values.flatten }, true);
  }
}

async function execute(action, body = {}, isAsked = false) {
  if (!isAsked && action === 'reset') {
    const values = await ask({
      title: 'Reset the engine', action: 'Reset', text: 'It goes to reduce only: no entries, exits are managed. Resume takes entries again.',
      fields: [{ name: 'reason', label: 'Reason', kind: 'long', required: 'Say why it is safe to go on.' }],
    });
    if (!values) {
      return;
    }
    body = values;
  }
  if (action === 'stop' && !await ask({
    title: 'Stop the engine', action: 'Stop', isDangerous: true, text: 'All positions are closed at the market; then it takes nothing until it is started.',
  })) {
    return;
  }
  const answer = await post(`/v1/commands/${action}`, body);
  toast(`${answer.command}: ${answer.reason || answer.status}`);
}
