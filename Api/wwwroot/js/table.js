/** Tables: keyed rows in pages. A draw touches only the cells whose text changed. */
import { h, setAttribute, setText } from './dom.js';
import { DASH, number } from './format.js';

const HOVERS = matchMedia('(hover: hover)');

/**
 * A column: `id`, `title`, `text(row)`; and where needed `unit()`, `isNumber`, `value(row)` to sort by, `tone(row)` for a class, `hint(row)` for a
 * title, `priority` (1 always shown, 2 not on a phone, 3 only where there is room, 4 only where there is much), or `build(cell, row)` and `update(cell, row)` for what is no text.
 */
export class Table {
  #columns; #key; #pageSize; #sort; #filter = ''; #page = 0; #rows = []; #shown = new Map(); #body; #pager; #range; #empty; #emptyText; #buttons = [];
  #onRow; #isLoading = true;
  #ranks = new Map();

  /**
   * @param {object} options `label`, `columns`, `key(row)`, `empty` (what to do when there is nothing), and where needed `pageSize`, `sort`
   * (`{ id, isDescending }`), `filter` (true shows a field), `onRow(row)`
   */
  constructor({ label, columns, key, empty, pageSize = 50, sort = null, filter = false, onRow = null }) {
    this.#columns = columns;
    this.#key = key;
    this.#pageSize = pageSize;
    this.#sort = sort;
    this.#onRow = onRow;
    this.#emptyText = empty;
    this.#body = h('tbody');
    const head = h('tr', null, columns.map(column => this.#headOf(column)));
    const table = h('table', { class: onRow ? 'is-openable' : null }, h('caption', { class: 'unseen' }, label), h('thead', null, head), this.#body);
    this.#empty = h('p', { class: 'empty' }, 'Loading …');
    this.#range = h('span', { class: 'range', 'aria-live': 'off' });
    this.#buttons = [
      h('button', { type: 'button', class: 'small', on: { click: () => this.#turn(-1) } }, '‹ Previous'),
      h('button', { type: 'button', class: 'small', on: { click: () => this.#turn(1) } }, 'Next ›'),
    ];
    this.#pager = h('div', { class: 'pager', hidden: true }, this.#buttons[0], this.#range, this.#buttons[1]);
    this.filterField = filter
      ? h('input', {
        type: 'search', class: 'filter', placeholder: 'Filter', 'aria-label': `Filter ${label.toLowerCase()}`,
        on: { input: event => { this.#filter = event.target.value.trim().toLowerCase(); this.#page = 0; this.#draw(); } },
      })
      : null;
    this.element = h('div', { class: 'table-part' },
      h('div', { class: 'table-scroll', tabindex: '0', role: 'group', 'aria-label': `${label}, scrolls` }, table, this.#empty), this.#pager);
  }

  /** Shows rows; null is not known yet. */
  render(rows) {
    this.#isLoading = rows === null;
    this.#rows = rows ?? [];
    this.#draw();
  }

  #headOf(column) {
    const label = h('button', { type: 'button', class: 'sort', on: { click: () => this.#sortBy(column) } }, column.title,
      column.unit ? h('span', { class: 'unit' }) : null);
    const cell = h('th', { scope: 'col', class: this.#classOf(column) }, column.value || column.text ? label : h('span', { class: 'unseen' }, column.title));
    column.head = cell;
    this.#mark(column);
    return cell;
  }

  #classOf(column, tone = '') {
    return [column.isNumber ? 'number' : '', `p${column.priority ?? 1}`, column.class ?? '', tone].filter(Boolean).join(' ');
  }

  #mark(column) {
    setAttribute(column.head, 'aria-sort', this.#sort?.id === column.id ? (this.#sort.isDescending ? 'descending' : 'ascending') : null);
  }

  #sortBy(column) {
    this.#sort = { id: column.id, isDescending: this.#sort?.id === column.id ? !this.#sort.isDescending : column.isNumber === true };
    this.#columns.forEach(other => this.#mark(other));
    this.#draw();
  }

  #turn(pages) {
    this.#page += pages;
    this.#draw();
  }

  #arranged() {
    let rows = this.#rows;
    if (this.#filter) {
      const columns = this.#columns.filter(column => column.text);
      rows = rows.filter(row => columns.some(column => column.text(row).toLowerCase().includes(this.#filter)));
    }
    const column = this.#sort && this.#columns.find(candidate => candidate.id === this.#sort.id);
    if (!column) {
      return rows;
    }
    const valueOf = column.value ?? column.text;
    const sign = this.#sort.isDescending ? -1 : 1;
    return rows.map(row => [valueOf(row), row]).sort(([a], [b]) => sign * compare(a, b)).map(([, row]) => row);
  }

  /** Rows stand still under the pointer, so that nothing else is pressed than what was aimed at; what is new waits at the end. */
  #steady(rows) {
    const steady = HOVERS.matches && this.#body.matches(':hover')
      ? rows.map(row => [this.#ranks.get(this.#key(row)) ?? rows.length, row]).sort(([a], [b]) => a - b).map(([, row]) => row)
      : rows;
    this.#ranks = new Map(steady.map((row, rank) => [this.#key(row), rank]));
    return steady;
  }

  #draw() {
    const rows = this.#steady(this.#arranged());
    const pages = Math.max(1, Math.ceil(rows.length / this.#pageSize));
    this.#page = Math.min(Math.max(0, this.#page), pages - 1);
    const first = this.#page * this.#pageSize;
    const page = rows.slice(first, first + this.#pageSize);
    this.#drawRows(page);
    this.#columns.filter(column => column.unit).forEach(column => setText(column.head.querySelector('.unit'), ` ${column.unit()}`));
    this.#empty.hidden = page.length > 0;
    setText(this.#empty, this.#isLoading ? 'Loading …' : this.#filter && this.#rows.length > 0 ? 'Nothing fits the filter. Clear it to see all.' : this.#emptyText);
    this.#pager.hidden = pages === 1;
    setText(this.#range, `${number(first + 1)}${DASH}${number(first + page.length)} of ${number(rows.length)}`);
    setAttribute(this.#buttons[0], 'disabled', this.#page === 0 ? '' : null);
    setAttribute(this.#buttons[1], 'disabled', this.#page === pages - 1 ? '' : null);
  }

  #drawRows(page) {
    const focused = this.#body.contains(document.activeElement) ? document.activeElement : null;
    const next = new Map();
    let at = this.#body.firstChild;
    for (const row of page) {
      const key = this.#key(row);
      const line = this.#shown.get(key) ?? this.#build(key);
      line.row = row;
      next.set(key, line);
      this.#update(line);
      if (line.element === at) {
        at = at.nextSibling;
      } else {
        this.#body.insertBefore(line.element, at);
      }
    }
    for (const [key, line] of this.#shown) {
      if (!next.has(key)) {
        line.element.remove();
      }
    }
    this.#shown = next;
    if (focused && focused !== document.activeElement && focused.isConnected) {
      // A row that moved in the page keeps the focus.
      focused.focus({ preventScroll: true });
    }
  }

  #build(key) {
    const line = { element: h('tr', { 'data-key': key }), cells: [], row: null };
    for (const column of this.#columns) {
      const cell = h('td', { class: this.#classOf(column) });
      column.build?.(cell, () => line.row);
      line.cells.push(cell);
      line.element.append(cell);
    }
    if (this.#onRow) {
      line.element.addEventListener('click', event => {
        if (!event.target.closest('button, a, input') && !getSelection().toString()) {
          this.#onRow(line.row);
        }
      });
    }
    return line;
  }

  #update(line) {
    this.#columns.forEach((column, index) => {
      const cell = line.cells[index];
      if (column.update) {
        column.update(cell, line.row);
      } else if (column.text) {
        setText(cell, column.text(line.row));
      }
      if (column.tone) {
        setAttribute(cell, 'class', this.#classOf(column, column.tone(line.row)));
      }
      if (column.hint) {
        setAttribute(cell, 'title', column.hint(line.row));
      }
    });
  }
}

function compare(a, b) {
  // What is not known comes last in the one order, and first in the other.
  if (a === null || a === undefined || b === null || b === undefined) {
    return (a === null || a === undefined ? -1 : 0) - (b === null || b === undefined ? -1 : 0);
  }
  // By code unit: a thousand rows are sorted several times a second.
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A column whose text is a button: how a row is opened without a mouse. */
export function opener(id, title, text, open, more = {}) {
  return {
    id, title, text, ...more,
    build: (cell, row) => cell.append(h('button', { type: 'button', class: 'link', on: { click: () => open(row()) } })),
    update: (cell, row) => {
      setText(cell.firstChild, text(row));
      cell.firstChild.disabled = more.isOpen ? !more.isOpen(row) : false;
    },
  };
}
