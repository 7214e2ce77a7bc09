// The demo's buttons: break the simulated Foundry, and see who notices.

import {get, send} from './api.js';
import {copyButton} from './copy.js';
import {byId, el, setText} from './dom.js';
import {clock, count} from './format.js';
import {may} from './roles.js';

const LABELS = {
  errors: 'Break: errors',
  throttle: 'Break: 429 storm',
  slow: 'Break: slow first token',
  cut: 'Break: cut streams',
  junk: 'Break: broken JSON',
  hang: 'Break: hang',
  none: 'Repair',
};

const STATUS = {
  errors: 'Four of ten answers of Foundry are errors (500).',
  throttle: 'Foundry answers 429 to everything. Legacy serves instead; being busy is no fault, so nothing is rolled back.',
  slow: 'Foundry’s first token comes 7 seconds later.',
  cut: 'Foundry’s streams break off after some words.',
  junk: 'Four of ten answers of Foundry are half a JSON document, or a stream with an error in it.',
  hang: 'Foundry takes requests and never answers.',
  none: 'Foundry works.',
};

/** As in the README; the two addresses are the reader's to fill in. */
const NEXT = [
  'mvn -q -DskipTests package',
  'AI_ROUTER_URL=http://127.0.0.1:8000 AI_LEGACY_URL=http://127.0.0.1:8001 java -jar target/rollout-proxy.jar run --config conf/proxy.json',
].join('\n');

/** The panel; it stays hidden unless the providers are simulated. */
export class Simulate {
  /** @param {import('./model.js').Model} model */
  constructor(model) {
    this.model = model;
    this.buttons = new Map();
  }

  /** Shows the panel with the faults that there are. */
  async begin() {
    this.model.simulation = await get('api/v1/simulate');
    const buttons = this.model.simulation.faults.map((fault) => {
      const button = el('button', {type: 'button', 'aria-pressed': 'false'}, LABELS[fault] ?? fault);
      button.addEventListener('click', () => this.#change(fault));
      this.buttons.set(fault, button);
      return button;
    });
    byId('faults').replaceChildren(...buttons);
    setText(byId('next-command'), NEXT);
    byId('next-actions').replaceChildren(copyButton('Copy', () => NEXT, 'the commands'));
    byId('demo').hidden = false;
    this.show();
  }

  /** Shows which fault is on, and what clients saw of it. */
  show() {
    const {simulation, traffic, staleSince} = this.model;
    if (!simulation) {
      return;
    }
    const able = may(this.model, 'admin', 'faults-role');
    this.buttons.forEach((button, fault) => {
      const on = fault === simulation.fault && fault !== 'none';
      button.setAttribute('aria-pressed', String(on));
      button.disabled = !able || staleSince !== null;
    });
    setText(byId('demo-status'), STATUS[simulation.fault] ?? simulation.fault);
    setText(byId('demo-clients'), traffic?.broken ? clients(traffic.broken) : '');
  }

  async #change(fault) {
    try {
      this.model.simulation = await send('POST', 'api/v1/simulate/foundry', {fault});
      this.show();
    } catch (refused) {
      setText(byId('demo-status'), refused.message);
    }
  }
}

function clients(broken) {
  const saw = broken.clientErrors === 1 ? '1 client saw an error' : `${count(broken.clientErrors)} clients saw an error`;
  return `Since Foundry was broken at ${clock(broken.at)}: ${saw}, ${count(broken.servedByLegacy)} were served by legacy instead.`;
}
