// The charts' time range: the last ten minutes as they come, or what was kept, by the page's fragment.

import {get} from './api.js';
import {copyButton} from './copy.js';
import {byId, el, setText} from './dom.js';
import {clockAndDay} from './format.js';
import {SERIES} from './model.js';
import {showWhose} from './whose.js';

const HOUR = 3_600_000;

/** Another point is there after so long at the earliest: rows are kept every five seconds. */
const AGAIN_MILLIS = 10_000;

/** Rows are kept every five seconds: in less time there is nothing to be seen. */
const LEAST_SECONDS = 30;
const SPANS = {'10min': null, '1h': HOUR, '24h': 24 * HOUR, rollout: null};

/** The range that is chosen; `#range=24h`, or `#from=…&to=…` for one that stays. */
export class Range {
  /**
   * @param {import('./model.js').Model} model
   * @param {() => void} onFigures other figures are to be shown
   * @param {() => void} onChoice another range was chosen, which has to be looked for
   */
  constructor(model, onFigures, onChoice) {
    this.model = model;
    this.onFigures = onFigures;
    /** The figures kept of the range; `null` = the last ten minutes, as they come. */
    this.kept = null;
    this.select = byId('range');
    this.select.addEventListener('change', () => {
      location.hash = this.select.value === '10min' ? '' : `range=${this.select.value}`;
    });
    window.addEventListener('hashchange', () => {
      this.#read();
      onFigures();
      onChoice();
    });
    byId('range-copy').replaceChildren(copyButton('Copy link', () => this.#link(), 'the charts of this time'));
    this.#read();
  }

  /** The times and figures that the charts show. @returns {{times: number[], series: object}} */
  data() {
    return this.kept ?? this.model;
  }

  /** Shows a part of what is shown. @param {number} from @param {number} to seconds since the epoch */
  part(from, to) {
    const middle = (from + to) / 2;
    const half = Math.max(LEAST_SECONDS, to - from) / 2;
    const [begin, end] = [middle - half, middle + half].map((time) => new Date(1000 * time).toISOString());
    location.hash = `from=${begin}&to=${end}`;
  }

  /** True while the charts go on with each event. */
  get live() {
    return this.span === '10min';
  }

  #read() {
    /** Counts the choices: an answer to one before is nothing to the one now. */
    this.chosen = (this.chosen ?? 0) + 1;
    const asked = new URLSearchParams(location.hash.slice(1));
    const [from, to] = [Date.parse(asked.get('from')), Date.parse(asked.get('to'))];
    this.fixed = from < to ? [from, to] : null;
    const range = asked.get('range');
    this.span = this.fixed ? 'fixed' : Object.hasOwn(SPANS, range) ? range : '10min';
    this.select.querySelector('[value="fixed"]')?.remove();
    if (this.fixed) {
      this.select.append(el('option', {value: 'fixed'}, 'a part of it'));
    }
    this.select.value = this.span;
    this.kept = this.live ? null : empty();
    /** The time of the last look that was answered, its range's beginning, and when there may be more. */
    this.seen = null;
    this.#words('');
  }

  #bounds() {
    if (this.fixed) {
      return this.fixed;
    }
    const now = this.model.now();
    return [this.span === 'rollout' ? this.#begin(now) : now - (SPANS[this.span] ?? HOUR / 6), now];
  }

  /** The rollout's beginning, as far as its decisions are kept. */
  #begin(now) {
    const ours = this.model.transitions.filter((each) => each.epoch === this.model.state?.epoch);
    const begun = ours.length > 0 ? Date.parse(ours[0].at) : now - HOUR;
    return Math.min(begun, now - 60_000);
  }

  #link() {
    const [from, to] = this.#bounds().map((time) => new Date(time).toISOString());
    return `${location.origin}${location.pathname}#from=${from}&to=${to}`;
  }

  /** False if the server would answer with the points that are shown, or has no new one yet. */
  #hasNews(begin) {
    return this.seen === null
      || this.span === 'rollout' && begin !== this.seen.begin
      || performance.now() >= this.seen.again;
  }

  /** Reads what was kept of the range, unless it is shown as it comes or nothing is to be had yet. */
  async look() {
    const choice = this.chosen;
    const [begin, end] = this.#bounds();
    if (this.live || !this.#hasNews(begin)) {
      return;
    }
    const [from, to] = [begin, end].map((time) => new Date(time).toISOString());
    let answer;
    try {
      answer = await get(`api/v1/history?from=${from}&to=${to}&points=500`);
    } catch (failure) {
      if (choice === this.chosen) {
        this.#words(`What was kept could not be read, it is tried again every 10 s: ${failure.message}`);
      }
      throw failure;
    }
    if (choice !== this.chosen) {
      return; // another one was chosen meanwhile
    }
    const past = this.fixed && end < this.model.now();
    const again = past ? Infinity : performance.now() + Math.max(answer.stepMillis, AGAIN_MILLIS) - 1000;
    this.seen = {begin, again};
    showWhose('range-whose', answer.fleet);
    this.kept = seriesOf(answer);
    const damaged = answer.damaged > 0 ? `, ${answer.damaged} damaged lines passed over` : '';
    this.#words(answer.rows === 0
      ? 'Nothing was kept of this time.'
      : `${clockAndDay(answer.points[0].at)} to ${clockAndDay(answer.points.at(-1).at)}, one point for each ${(answer.stepMillis / 1000).toFixed(0)} s: rates and costs as a mean, all else at its worst${damaged}.`);
    this.onFigures();
  }

  #words(text) {
    setText(byId('range-words'), text);
  }
}

function empty() {
  return {times: [], series: Object.fromEntries(SERIES.map((name) => [name, {foundry: [], legacy: []}]))};
}

/** Columns of the points; where nothing was kept the lines are broken. */
function seriesOf(answer) {
  const all = empty();
  const step = Math.max(answer.stepMillis, 5_000) / 1000;
  const add = (at, point) => {
    all.times.push(at);
    for (const name of SERIES) {
      all.series[name].foundry.push(point?.foundry[name] ?? null);
      all.series[name].legacy.push(point?.legacy[name] ?? null);
    }
  };
  for (const point of answer.points) {
    const at = Date.parse(point.at) / 1000;
    const last = all.times.at(-1);
    if (last !== undefined && at - last > 3 * step) {
      add(last + step, null);
    }
    add(at, point);
  }
  return all;
}
