/** The engine itself: tiers, where the time goes, agents, store. */
import { h, panel } from '../dom.js';
import * as format from '../format.js';
import { draws, state } from '../store.js';
import { Table } from '../table.js';

export const lists = [];

export function build() {
  return h('div', { class: 'view engine' }, h('h2', { class: 'unseen' }, 'Engine'), tiers(), hops(), agents(), store());
}

const time = (id, title, read, priority = 1) => ({
  id, title, isNumber: true, value: row => read(row) ?? null, text: row => format.micros(read(row)), priority,
});
const count = (id, title, read, priority = 2) => ({ id, title, isNumber: true, value: read, text: row => format.number(read(row)), priority });

function tiers() {
  const table = new Table({
    label: 'Tiers', key: row => row.name, empty: 'No tier runs.',
    columns: [
      { id: 'tier', title: 'Tier', value: row => row.tier, text: row => `${row.tier} ${format.words(row.name)}` },
      { id: 'period', title: 'Period', isNumber: true, value: row => row.periodMilliseconds, text: row => format.span(row.periodMilliseconds), priority: 2 },
      count('cycles', 'Cycles', row => row.cycles, 1),
      { ...count('overruns', 'Overruns', row => row.overruns, 1), hint: () => 'Beats that came too late and were left out.' },
      { ...count('failed', 'Failed', row => row.failedCycles), tone: row => row.failedCycles > 0 ? 'bad' : '' },
      count('signals', 'Signals', row => row.signals),
      count('accepted', 'Accepted', row => row.accepted, 3),
      count('rejected', 'Refused', row => row.rejected, 3),
      count('duplicates', 'Duplicates', row => row.duplicates, 3),
      time('p50', 'Latency p50', row => row.latencyMicroseconds?.p50, 2),
      time('p99', 'p99', row => row.latencyMicroseconds?.p99),
      time('max', 'max', row => row.latencyMicroseconds?.max, 3),
      time('beat50', 'Beat p50', row => row.periodMicroseconds?.p50, 3),
      time('beat99', 'Beat p99', row => row.periodMicroseconds?.p99, 3),
    ],
  });
  const element = panel('Tiers', { className: 'tiers' }, table.element);
  draws(element, ['tiers'], () => table.render(state.tiers?.items ?? null));
  return element;
}

function hops() {
  const table = new Table({
    label: 'Parts of a signal’s way', key: row => row.hop, empty: 'Nothing was measured yet.',
    columns: [
      { id: 'hop', title: 'Part', text: row => format.words(row.hop) },
      count('count', 'Count', row => row.latencyMicroseconds?.count ?? null, 1),
      time('p50', 'p50', row => row.latencyMicroseconds?.p50),
      time('p99', 'p99', row => row.latencyMicroseconds?.p99),
      time('max', 'max', row => row.latencyMicroseconds?.max, 2),
    ],
  });
  const element = panel('Where a signal’s time goes', { className: 'hops' }, table.element);
  draws(element, ['tiers'], () => table.render(state.tiers?.hops ?? null));
  return element;
}

const CONDITIONS = { fresh: ['●', 'good'], late: ['◐', 'warn'], dead: ['○', 'bad'], never_seen: ['–', 'muted'] };

function agents() {
  const table = new Table({
    label: 'Agents', key: row => row.agent, pageSize: 100,
    empty: 'No agent was seen. An agent writes its heartbeat into Redis, see docs/wire.md.',
    columns: [
      { id: 'agent', title: 'Agent', text: row => format.words(row.agent) },
      {
        id: 'condition', title: 'Condition', text: row => `${CONDITIONS[row.condition]?.[0] ?? ''} ${format.words(row.condition)}`,
        tone: row => CONDITIONS[row.condition]?.[1] ?? '',
      },
      { id: 'age', title: 'Heartbeat', isNumber: true, value: row => row.ageMilliseconds, text: row => format.span(row.ageMilliseconds), hint: () => 'Time since its last heartbeat.' },
      { id: 'version', title: 'Version', text: row => format.text(row.version), priority: 3 },
    ],
  });
  const element = panel('Agents', { className: 'agents' }, table.element);
  draws(element, ['agents'], () => table.render(state.agents));
  return element;
}

function store() {
  const table = new Table({
    label: 'Store and silos', key: row => row.name, pageSize: 100, empty: 'Not known yet.',
    columns: [{ id: 'name', title: 'What', text: row => row.name }, { id: 'value', title: 'Now', text: row => row.value, class: 'long', tone: row => `long ${row.tone ?? ''}` }],
  });
  const element = panel('Store, silos, monitoring', { className: 'store' }, table.element);
  draws(element, ['status'], () => table.render(state.status ? linesOf(state.status) : null));
  return element;
}

function linesOf(status) {
  const { storeHealth: health, monitoring, totals } = status;
  const waiting = Object.entries(health.queueDepths).filter(([, depth]) => depth > 0).map(([queue, depth]) => `${queue} ${format.number(depth)}`);
  const line = (name, value, tone = null) => ({ name, value, tone });
  return [
    line('Version', status.version), line('Running for', format.span(status.uptimeSeconds * 1000)), line('Silos', format.number(status.silos)),
    line('Feed', status.feed), line('Execution', status.execution), line('Store', status.store),
    line('Store answers', health.connected ? `● in ${format.number(health.latencyMs, 2)} ms` : '○ no', health.connected ? 'good' : 'bad'),
    line('Written', health.persistence),
    line('Waiting in queues', waiting.length > 0 ? waiting.join(', ') : 'nothing'),
    line('Positions watched', `${format.number(monitoring.watched)}, exits armed ${format.number(monitoring.armed)}`),
    line('Overdue, in doubt', `${format.number(monitoring.overdue)}, ${format.number(monitoring.inDoubt)}`, monitoring.overdue + monitoring.inDoubt > 0 ? 'warn' : null),
    line('Symbols without prices', monitoring.staleSymbols.length > 0 ? monitoring.staleSymbols.join(', ') : 'none', monitoring.staleSymbols.length > 0 ? 'warn' : null),
    line('Orders, opened, closed, rejected', [totals.orders, totals.opened, totals.closed, totals.rejected].map(value => format.number(value)).join(', ')),
  ];
}
