/** What the panel knows, and who draws it. Changes are drawn together, once a frame, and only what is on the page. */

/** The panel's knowledge. Null is not known yet, which is not the same as empty. */
export const state = {
  session: null,
  connection: { phase: 'connecting', since: Date.now() },
  status: null,
  tiers: null,
  agents: null,
  prices: new Map(),
  instruments: new Map(),
  positions: null,
  orders: null,
  trades: null,
  strategies: null,
  risk: null,
  letters: null,
  facts: null,
  head: null,
  equity: null,
  candles: null,
};

/** Currency of the money shown: the first account's. */
export const currency = () => state.status?.accounts[0]?.currency ?? '';

const drawers = [];
const dirty = new Set();
let isScheduled = false;

/**
 * Draws when one of the topics changed, while its element is on the page, and when it comes back to it.
 * @param {Element} element what is drawn into
 * @param {string[]} topics names in the state
 * @param {function} draw draws
 */
export function draws(element, topics, draw) {
  drawers.push({ element, topics, draw, isStale: true });
  schedule();
}

/** Says that something changed. */
export function changed(...topics) {
  for (const topic of topics) {
    dirty.add(topic);
  }
  schedule();
}

/** Draws what is stale in the next frame. */
export function schedule() {
  if (!isScheduled) {
    isScheduled = true;
    requestAnimationFrame(flush);
  }
}

function flush() {
  isScheduled = false;
  for (const drawer of drawers) {
    drawer.isStale ||= drawer.topics.some(topic => dirty.has(topic));
  }
  dirty.clear();
  for (const drawer of drawers) {
    if (drawer.isStale && drawer.element.isConnected) {
      drawer.isStale = false;
      drawer.draw();
    }
  }
}
