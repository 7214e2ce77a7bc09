// Says in a panel that its figures are old, while they cannot be read.

import {byId, el, setText} from './dom.js';
import {clock} from './format.js';

/** One that fails may be an accident. */
const FAILURES = 2;

/** A panel: the section of an element that shows what is read. */
export class Panel {
  #id;
  #readAt = null;
  #failures = 0;
  #line = null;

  /** @param {string} id of an element in the section */
  constructor(id) {
    this.#id = id;
  }

  /** It was read: what is shown is of now. */
  read() {
    this.#readAt = Date.now();
    this.#failures = 0;
    this.#line?.remove();
    this.#line = null;
  }

  /** It could not be read. @param {string} why a sentence */
  failed(why) {
    this.#failures++;
    if (this.#failures < FAILURES) {
      return;
    }
    if (this.#line === null) {
      this.#line = el('p', {class: 'unread', role: 'status'});
      byId(this.#id).closest('section').querySelector('h2').after(this.#line);
    }
    const shown = this.#readAt === null ? 'not read yet' : `not read since ${clock(this.#readAt / 1000)}, what follows is old`;
    setText(this.#line, `◆ ${shown} (${why})`);
  }
}
