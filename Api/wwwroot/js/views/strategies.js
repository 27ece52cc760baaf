/** Strategies: what they did, and the capital they get. */
import { h, panel } from '../dom.js';
import * as format from '../format.js';
import { currency, draws, state } from '../store.js';
import { Table } from '../table.js';

export const lists = ['strategies'];

export function build() {
  const number = (id, title, read, show, priority = 2, unit = null) => ({ id, title, unit, isNumber: true, value: read, text: row => show(read(row)), priority });
  const table = new Table({
    label: 'Strategies', key: row => `${row.account}/${row.strategy}`, filter: true, pageSize: 50,
    empty: 'No strategy closed a position yet. A strategy is there from its first closed or refused position on.',
    columns: [
      { id: 'strategy', title: 'Strategy', text: row => row.strategy },
      { id: 'account', title: 'Account', text: row => row.account, priority: 3 },
      number('trades', 'Trades', row => row.trades, value => format.number(value), 1),
      number('wins', 'Wins', row => row.wins, value => format.number(value), 3),
      number('losses', 'Losses', row => row.losses, value => format.number(value), 3),
      number('rejected', 'Refused', row => row.rejected, value => format.number(value), 2),
      { ...number('pnl', 'P&L', row => row.pnl, value => format.change(value), 1, currency), tone: row => format.tone(row.pnl) },
      number('winRate', 'Win rate', row => row.winRate, value => format.percent(value), 2),
      number('factor', 'Profit factor', row => row.profitFactor, value => format.number(value, 2), 2),
      { ...number('expectancy', 'Expectancy', row => row.expectancy, value => format.change(value), 3, currency), tone: row => format.tone(row.expectancy) },
      number('drawdown', 'Max drawdown', row => row.maxDrawdown, value => format.money(value), 3, currency),
      number('sharpe', 'Sharpe', row => row.sharpe, value => format.number(value, 2), 3),
      number('sortino', 'Sortino', row => row.sortino, value => format.number(value, 2), 3),
      number('held', 'Held', row => row.averageDurationSeconds, value => format.span(value === null ? null : value * 1000), 3),
      {
        id: 'weight', title: 'Weight', isNumber: true, value: row => row.weight, priority: 1, hint: row => `Sizes are multiplied by ${row.weight}.`,
        build: cell => cell.append(h('meter', { min: 0, max: 1, 'aria-label': 'Capital weight' }), h('span')),
        update: (cell, row) => { cell.firstChild.max = Math.max(1, row.weight); cell.firstChild.value = row.weight; cell.lastChild.textContent = ` ${format.number(row.weight, 2)}`; },
      },
    ],
  });
  const element = panel('Strategies', { className: 'strategies', tools: [table.filterField] }, table.element);
  draws(element, ['strategies'], () => table.render(state.strategies));
  return h('div', { class: 'view stack' }, h('h2', { class: 'unseen' }, 'Strategies'), element);
}
