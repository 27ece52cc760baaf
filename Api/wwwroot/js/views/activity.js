/** Facts of the audit as a table: short on the desk, whole in the audit. */
import * as format from '../format.js';
import { openStory } from '../parts/story.js';
import { opener, Table } from '../table.js';

const GOOD = ['position_opened', 'order_filled'];
const QUIET = ['signal_rejected'];
const BAD = ['position_rejected', 'dead_lettered', 'overfill', 'reconciliation_break', 'breaker_tripped', 'order_unknown'];

/** A table of facts, newest first. */
export function activityTable({ isShort }) {
  const open = fact => fact.positionId && openStory(fact.positionId);
  const detail = fact => fact.summary.slice(format.words(fact.kind).length).trim();
  const columns = [
    { id: 'time', title: 'Time', value: fact => fact.at, text: fact => format.when(fact.at), hint: fact => format.utc(fact.at) },
    opener('event', 'Event', fact => format.words(fact.kind), open, {
      isOpen: fact => Boolean(fact.positionId),
      tone: fact => GOOD.includes(fact.kind) ? 'good' : BAD.includes(fact.kind) ? 'bad' : QUIET.includes(fact.kind) ? 'muted' : '',
    }),
    { id: 'detail', title: 'Detail', text: fact => format.text(detail(fact)), hint: fact => fact.summary, class: 'long' },
  ];
  if (!isShort) {
    columns.splice(2, 0,
      { id: 'symbol', title: 'Symbol', text: fact => format.text(fact.symbol), priority: 2 },
      { id: 'strategy', title: 'Strategy', text: fact => format.text(fact.strategy), priority: 2 });
    columns.push({ id: 'sequence', title: 'Entry', isNumber: true, value: fact => fact.sequence, text: fact => format.number(fact.sequence), priority: 3 });
  }
  return new Table({
    label: isShort ? 'Activity' : 'Facts', columns, pageSize: isShort ? 25 : 50, filter: !isShort, onRow: open,
    key: fact => `${fact.sequence}/${fact.kind}/${fact.orderId ?? ''}/${fact.at}/${fact.summary}`,
    empty: 'Nothing yet. What strategies signal and the engine decides appears here at once.',
  });
}
