/** Reads what there is, and keeps it up to date by events, and by asking again for what has none. */
import { get, getAll } from './api.js';
import { Live } from './live.js';
import { changed, state } from './store.js';

const MOST_FACTS = 500;
const MOST_EQUITY = 3_000;

// How often a list is asked for while it is looked at; facts of the stream ask earlier.
const LISTS = {
  orders: { every: 10_000, onFacts: true, read: async () => (await get('/v1/orders?limit=500')).items },
  trades: { every: 10_000, onFacts: true, read: async () => (await get('/v1/trades?limit=500')).items },
  strategies: { every: 5_000, onFacts: true, read: async () => (await get('/v1/strategies')).items },
  risk: { every: 2_000, onFacts: true, read: () => get('/v1/risk') },
  letters: { every: 3_000, onFacts: true, read: () => get('/v1/deadletters?limit=500') },
  head: { every: 3_000, onFacts: false, read: () => get('/v1/audit/head') },
  equity: { every: 60_000, onFacts: false, read: async () => (await get('/v1/equity')).items },
  positions: { every: 15_000, onFacts: false, read: async () => mapOf(await getAll('/v1/positions')) },
  instruments: { every: 15_000, onFacts: false, read: async () => new Map((await get('/v1/instruments')).items.map(item => [item.symbol, item])) },
  candles: { every: 30_000, onFacts: false, read: readCandles },
};

// Facts come in bursts: a list is read at most this often for them.
const LEAST = 1_000;
const BEAT = 250;

const readAt = new Map();
const reading = new Set();
const asked = new Set();
let wanted = [];
let chart = { symbol: null, period: '10s' };
let lastSequence = 0;
let onUnready = () => {};

/** Position and symbol: a group holds one entry for each of its legs. */
export const keyOf = position => `${position.positionId}/${position.symbol}`;

const mapOf = positions => new Map(positions.map(position => [keyOf(position), position]));

/** Says which lists the view on the page shows. */
export function want(lists) {
  wanted = lists;
  tick();
}

/** Reads a list again as soon as may be. */
export function refresh(...lists) {
  for (const list of lists) {
    readAt.delete(list);
    asked.add(list);
  }
  tick();
}

/** Chooses what the chart of prices shows. */
export function chooseChart(symbol, period) {
  chart = { symbol, period };
  state.candles = null;
  changed('candles');
  refresh('candles');
}

async function readCandles() {
  const { symbol, period } = chart;
  if (!symbol) {
    return null;
  }
  const page = await get(`/v1/instruments/${encodeURIComponent(symbol)}/candles?period=${period}&limit=360`);
  return symbol === chart.symbol && period === chart.period ? { symbol, period, items: page.items } : state.candles;
}

async function tick() {
  if (state.connection.phase !== 'live' || document.hidden) {
    return;
  }
  const now = Date.now();
  for (const name of [...new Set([...wanted, ...asked])]) {
    const list = LISTS[name];
    const age = now - (readAt.get(name) ?? 0);
    if (!reading.has(name) && (age >= list.every || (list.isStale && age >= LEAST))) {
      list.isStale = false;
      readAt.set(name, now);
      asked.delete(name);
      read(name);
    }
  }
}

async function read(name) {
  reading.add(name);
  try {
    state[name] = await LISTS[name].read();
    changed(name);
  } catch {
    // The stream says what is wrong; it is asked for again soon.
    readAt.set(name, Date.now() - LISTS[name].every + LEAST);
  } finally {
    reading.delete(name);
  }
}

const live = new Live(receive, phase => {
  if (phase === 'lost') {
    onUnready();
  }
  if (phase === state.connection.phase) {
    return;
  }
  state.connection = { phase, since: Date.now() };
  changed('connection');
  if (phase === 'live') {
    readAt.clear();
    tick();
  }
});

/** Begins: what is known now, then what changes. `onLost` is called at each loss, and at each attempt that fails. */
export async function begin(onLost) {
  onUnready = onLost;
  const [status, facts] = await Promise.all([get('/v1/status'), get('/v1/audit?limit=200')]);
  state.status = status;
  state.facts = facts.items;
  lastSequence = facts.items[0]?.sequence ?? 0;
  changed('status', 'facts');
  get('/v1/tiers').then(tiers => { state.tiers = tiers; changed('tiers'); }, () => {});
  get('/v1/agents').then(page => { state.agents = page.items; changed('agents'); }, () => {});
  await read('positions');
  live.start(facts.next);
}

/** Ends until it begins anew, and forgets everything: who comes next may see less. */
export function end() {
  live.stop();
  state.connection = { phase: 'connecting', since: Date.now() };
  state.prices.clear();
  state.instruments.clear();
  for (const topic of ['status', 'tiers', 'agents', 'positions', 'facts', ...Object.keys(LISTS).filter(name => name !== 'instruments')]) {
    state[topic] = null;
  }
  readAt.clear();
  changed('connection', 'status', 'tiers', 'agents', 'prices', 'facts', ...Object.keys(LISTS));
}

setInterval(tick, BEAT);

function receive(kind, data) {
  switch (kind) {
    case 'fact': return addFact(data);
    case 'status': return setStatus(data);
    case 'prices': return setPrices(data.items);
    case 'positions': return setPositions(data.items);
    case 'agents': state.agents = data.items; return changed('agents');
    case 'tiers': state.tiers = data; return changed('tiers');
    default: return refreshAll();
  }
}

async function refreshAll() {
  readAt.clear();
  const page = await get('/v1/audit?limit=200').catch(() => null);
  if (page) {
    state.facts = page.items;
    lastSequence = Math.max(lastSequence, page.items[0]?.sequence ?? 0);
    changed('facts');
  }
}

function addFact(fact) {
  // The list that was read first may already hold what the stream repeats.
  if (fact.sequence <= lastSequence && state.facts?.some(known => known.sequence === fact.sequence && known.kind === fact.kind && known.at === fact.at)) {
    return;
  }
  lastSequence = Math.max(lastSequence, fact.sequence);
  state.facts = [fact, ...(state.facts ?? [])].slice(0, MOST_FACTS);
  for (const list of Object.values(LISTS)) {
    list.isStale ||= list.onFacts;
  }
  changed('facts');
}

function setStatus(status) {
  state.status = status;
  const account = status.accounts[0];
  if (account && state.equity) {
    state.equity.push({ at: status.time, equity: account.equity, drawdown: account.drawdown });
    if (state.equity.length > MOST_EQUITY) {
      state.equity.shift();
    }
  }
  changed('status', 'equity');
}

function setPrices(prices) {
  for (const price of prices) {
    state.prices.set(price.symbol, price);
    if (state.candles?.symbol === price.symbol) {
      addPrice(state.candles, price);
    }
  }
  changed('prices');
}

/** The candle under way follows the price, as the silo's own does; the next list corrects it. */
function addPrice(candles, price) {
  const length = candles.period === '10s' ? 10_000 : 60_000;
  const at = Math.floor(new Date(price.at).getTime() / length) * length;
  const last = candles.items.at(-1);
  if (last && new Date(last.at).getTime() >= at) {
    last.high = Math.max(last.high, price.mid);
    last.low = Math.min(last.low, price.mid);
    last.close = price.mid;
  } else {
    candles.items.push({ at: new Date(at).toISOString(), open: price.mid, high: price.mid, low: price.mid, close: price.mid });
    if (candles.items.length > 360) {
      candles.items.shift();
    }
  }
}

function setPositions(positions) {
  state.positions ??= new Map();
  for (const position of positions) {
    if (position.status === 'closed' || position.status === 'rejected') {
      state.positions.delete(keyOf(position));
    } else {
      state.positions.set(keyOf(position), position);
    }
  }
  changed('positions');
}
