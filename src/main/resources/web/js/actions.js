// What people can do: each action asks for its reason first, and 100 % asks twice.

import {send} from './api.js';
import {byId, el, setText} from './dom.js';
import {may} from './roles.js';

/** `able` tells whether it means something now; `whole` whether it may end at 100 %. */
const ACTIONS = [
  {command: 'start', label: 'Start', text: 'Begins a rollout at the first stage; from a share that was set by hand it goes on.', able: (s) => s.phase === 'initial' || s.phase === 'rollback' || s.manual},
  {command: 'advance', label: 'Advance', text: 'Goes to the next stage now, without waiting for its time of health.', able: (s) => running(s) && s.percentage < 100},
  {command: 'pause', label: 'Pause', text: 'Keeps the share. A rollback stays possible.', able: (s) => running(s) && !s.paused},
  {command: 'resume', label: 'Resume', text: 'Lets the rollout go on.', able: (s) => s.paused && s.phase !== 'rollback'},
  {command: 'set', label: 'Set share…', text: 'Sets Foundry’s share by hand. Nothing is promoted from there by itself.', able: (s) => s.phase !== 'rollback'},
  {command: 'full', label: 'Promote to 100 %…', text: 'Sends every request to Foundry.', able: (s) => running(s) && s.percentage < 100},
  {command: 'reset', label: 'Reset', text: 'Begins a new epoch at 0 %, and does not start.', able: (s) => s.phase !== 'initial'},
  {command: 'rollback', label: 'Roll back', text: 'Sends every request to legacy, at once.', able: (s) => s.phase !== 'rollback', danger: true},
];

const running = (state) => state.phase !== 'initial' && state.phase !== 'rollback';

/** An order whose answer is not heard may have been carried out. */
function told(refused) {
  return refused.status ? refused.message : 'No answer came: it may have been carried out. Look at the state before you repeat it.';
}

/** The buttons, and the dialog that each of them opens. */
export class Actions {
  /**
   * @param {import('./model.js').Model} model
   * @param {(state: object) => void} onDone gets the new state
   */
  constructor(model, onDone) {
    this.model = model;
    this.onDone = onDone;
    this.dialog = byId('ask');
    this.asked = null;
    this.sending = false;
    this.lost = false;
    this.buttons = ACTIONS.map((action) => {
      const button = el('button', {type: 'button', disabled: true, class: action.danger ? 'danger' : null}, action.label);
      button.addEventListener('click', () => this.#ask(action));
      return button;
    });
    byId('actions').replaceChildren(...this.buttons);
    byId('ask-cancel').addEventListener('click', () => this.dialog.close());
    byId('ask-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#go();
    });
  }

  /** Disables what means nothing now. */
  show() {
    const {state, staleSince} = this.model;
    byId('ask-go').disabled = this.sending || staleSince !== null;
    if (this.lost !== (staleSince !== null)) {
      this.lost = staleSince !== null;
      setText(byId('ask-error'), this.lost ? 'No connection to the proxy.' : '');
    }
    const able = may(this.model, 'operator', 'actions-role');
    ACTIONS.forEach((action, index) => {
      this.buttons[index].disabled = !able || staleSince !== null || !state || state.mode !== 'canary' || !action.able(state);
    });
  }

  #ask(action) {
    this.asked = {action, sure: false};
    setText(byId('ask-title'), action.label.replace('…', ''));
    setText(byId('ask-text'), `${action.text} Now: ${this.model.state.phase} at ${this.model.state.percentage} %.`);
    setText(byId('ask-go'), action.danger ? 'Roll back now' : action.label.replace('…', ''));
    setText(byId('ask-error'), '');
    byId('ask-go').className = action.danger ? 'danger' : '';
    byId('ask-share-line').hidden = action.command !== 'set';
    byId('ask-share').required = action.command === 'set'; // an empty field is no share of 0 %
    byId('ask-share').value = String(this.model.state.percentage);
    byId('ask-reason-line').hidden = false;
    byId('ask-reason').value = '';
    this.dialog.showModal();
    byId(action.command === 'set' ? 'ask-share' : 'ask-reason').focus();
  }

  /** Whether everything would go to Foundry. */
  #whole() {
    const {command} = this.asked.action;
    const {state} = this.model;
    const next = state.stages.find((stage) => stage.percentage > state.percentage);
    return command === 'full'
      || (command === 'set' && Number(byId('ask-share').value) === 100)
      || (command === 'advance' && next?.percentage === 100);
  }

  async #go() {
    const {asked} = this;
    if (this.#whole() && !asked.sure) {
      this.#askAgain();
      return;
    }
    this.sending = true;
    this.show();
    try {
      const state = await this.#send(asked.action.command);
      this.dialog.close();
      this.onDone(state);
    } catch (refused) {
      setText(byId('ask-error'), told(refused));
    } finally {
      this.sending = false;
      this.show();
    }
  }

  #askAgain() {
    this.asked.sure = true;
    setText(byId('ask-title'), 'Really all of it?');
    setText(byId('ask-text'), 'Legacy gets no traffic any more, and there is nothing left to compare Foundry with. It is still watched, and a rollback stays possible.');
    setText(byId('ask-go'), 'Yes, 100 % to Foundry');
    byId('ask-share-line').hidden = true;
    byId('ask-reason-line').hidden = true;
    byId('ask-cancel').focus();
  }

  #send(command) {
    const reason = byId('ask-reason').value.trim();
    if (command === 'set' || command === 'full') {
      const percentage = command === 'full' ? 100 : Number(byId('ask-share').value);
      return send('PUT', 'api/v1/canary/percentage', {percentage, reason});
    }
    return send('POST', `api/v1/canary/${command}`, {reason});
  }
}
