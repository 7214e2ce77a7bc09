// The event stream, over fetch: EventSource cannot send the token as a header.

import {headers} from './api.js';

const RETRY_MILLIS = 2000;
const SILENCE_MILLIS = 5000; // the traffic is told once a second

/** Follows `api/v1/events`, and comes back after every interruption to where it was. */
export class Stream {
  /**
   * @param {(name: string, data: any) => void} onEvent
   * @param {(state: 'live'|'waiting'|'refused'|'paused', why?: string) => void} onState `live` is told with the first
   *   event, `why` what the server said
   */
  constructor(onEvent, onState) {
    this.onEvent = onEvent;
    this.onState = onState;
    this.lastId = '0'; // begin with all that is kept: the charts have a past
    this.running = false;
    this.abort = null;
    /** The moment at which the server was heard last, milliseconds. */
    this.heardAt = Date.now();
    document.addEventListener('visibilitychange', () => this.#visibility());
  }

  /** Follows from now on; asked again, it begins anew at once. */
  start() {
    this.abort?.abort();
    if (!this.running) {
      this.running = true;
      this.#run();
    }
  }

  /** A hidden page costs nobody anything; what it misses is replayed. */
  #visibility() {
    if (document.hidden) {
      this.abort?.abort();
    } else {
      this.wake?.();
    }
  }

  async #run() {
    for (;;) {
      while (document.hidden) {
        this.onState('paused');
        await new Promise((resolve) => (this.wake = resolve));
      }
      try {
        await this.#once();
        this.onState('waiting');
      } catch (failure) {
        this.onState(failure.status === 401 ? 'refused' : 'waiting', failure.detail);
        if (failure.status === 401) {
          this.running = false;
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
    }
  }

  async #once() {
    this.abort = new AbortController();
    let watch = this.#watch();
    try {
      const response = await fetch('api/v1/events', {
        headers: {...headers(), 'Last-Event-ID': this.lastId, Accept: 'text/event-stream'},
        signal: this.abort.signal,
        cache: 'no-store',
        credentials: 'same-origin',
      });
      if (!response.ok) {
        const problem = await response.json().catch(() => ({}));
        throw Object.assign(new Error('refused'), {status: response.status, detail: problem.detail});
      }
      let told = false;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (;;) {
        const {value, done} = await reader.read();
        if (done) {
          return;
        }
        clearTimeout(watch);
        watch = this.#watch();
        this.heardAt = Date.now();
        text = this.#take(text + value);
        if (!told) {
          told = true;
          this.onState('live');
        }
      }
    } finally {
      clearTimeout(watch);
    }
  }

  #watch() {
    const {abort} = this;
    return setTimeout(() => abort.abort(), SILENCE_MILLIS);
  }

  /** Hands on the whole events. @returns {string} what is left of the text */
  #take(text) {
    const blocks = text.split('\n\n');
    const rest = blocks.pop();
    for (const block of blocks) {
      this.#event(block);
    }
    return rest;
  }

  #event(block) {
    const fields = {};
    for (const line of block.split('\n')) {
      const colon = line.indexOf(': ');
      if (colon > 0) {
        fields[line.slice(0, colon)] = line.slice(colon + 2);
      }
    }
    if (fields.id) {
      this.lastId = fields.id;
    }
    if (fields.event && fields.data) {
      this.onEvent(fields.event, JSON.parse(fields.data));
    }
  }
}
