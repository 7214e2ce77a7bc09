// A table that stays short whatever comes: ten rows, a filter, and the rest folded into one row with its sum.

import {byId, el, row, setRows, setText} from './dom.js';

const MOST = 10;

/** The table of an id; beside it the page has `ID-filter`, a search field, and `ID-all`, a button. */
export class Folded {
  /**
   * @param {string} id of the table's body
   * @param {object} what
   * @param {number} what.columns
   * @param {string} what.nothing what is said when there is no row at all
   * @param {(item: object) => HTMLElement} what.line
   * @param {(items: Array, name: string) => HTMLElement} what.rest the row of what is folded
   */
  constructor(id, {columns, nothing, line, rest}) {
    Object.assign(this, {columns, nothing, line, rest});
    this.body = byId(id);
    this.filter = byId(`${id}-filter`);
    this.button = byId(`${id}-all`);
    this.items = [];
    this.last = [];
    this.whole = false;
    this.filter.addEventListener('input', () => this.#draw());
    this.button.addEventListener('click', () => {
      this.whole = !this.whole;
      this.#draw();
    });
  }

  /**
   * @param {Array<{name: string}>} items the most important first
   * @param {Array<HTMLElement>} last rows below all others, such as the sum
   * @param {string} nothing other words for there being none
   */
  show(items, last = [], nothing = this.nothing) {
    this.items = items;
    this.last = last;
    this.none = nothing;
    this.#draw();
  }

  #draw() {
    const {items} = this;
    const many = items.length > MOST;
    const wanted = this.filter.value.trim().toLowerCase();
    const found = wanted ? items.filter((item) => item.name.toLowerCase().includes(wanted)) : items;
    const shown = this.whole ? found : found.slice(0, MOST);
    const folded = found.slice(shown.length);
    const rows = shown.map(this.line);
    if (folded.length > 0) {
      rows.push(this.rest(folded, `${folded.length} more${wanted ? ' that match' : ''}`));
    }
    if (items.length > 0 && found.length === 0) {
      rows.push(el('tr', {}, el('td', {colspan: this.columns, class: 'hint'}, `None of ${items.length} matches.`)));
    }
    setRows(this.body, items.length > 0 ? [...rows, ...this.last] : [], this.columns, this.none);
    this.filter.closest('label').hidden = !many && !wanted;
    this.button.hidden = found.length <= MOST;
    setText(this.button, this.whole ? `Show ${MOST}` : `Show all ${found.length}`);
    this.body.closest('.scroll').classList.toggle('tall', this.whole);
    this.button.setAttribute('aria-expanded', String(this.whole));
  }
}

/** The row of what is folded, where figures cannot be added. @param {number} columns of the table */
export function restRow(columns, name) {
  const line = row(name, ...Array(columns - 1).fill({num: '–'}));
  line.className = 'rest';
  return line;
}
