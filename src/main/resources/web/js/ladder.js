// The stages, and what the present one is held to.

import {byId, el, row, setRows} from './dom.js';
import {count, duration} from './format.js';
import {pastOf} from './past.js';

/** The words of a row's state, and the shape that tells it without colour. */
let stale = false;
const STATES = {ok: '● OK', over: '◆ over the limit', waiting: '○ not enough yet', no_data: '○ no data yet'};

let shown = '';

/** Shows the stages, the gates, and what is missing for the next stage. */
export function showLadder(model) {
  const {state} = model;
  if (!state) {
    return;
  }
  stale = model.staleSince !== null;
  const steps = state.stages.map((stage, index) => stepOf(model, stage, index));
  const key = JSON.stringify(steps);
  if (key !== shown) {
    shown = key;
    byId('ladder').replaceChildren(...steps.map(step));
  }
  const gates = gatesOf(model);
  const alone = gates.filter((gate) => gate.legacy === null);
  const beside = gates.filter((gate) => gate.legacy !== null);
  const none = nothing(state);
  setRows(byId('gates'), alone.map(gateRow), 5, none);
  setRows(byId('beside'), beside.map(besideRow), 7, none);
  const missing = model.presentHealth() && state.stage >= 0 && !gates.some((gate) => gate.held) ? model.health.promotion.missing : [];
  const notices = (model.presentHealth()?.notices ?? []).map((notice) => `Notice: ${notice.sentence}`);
  const dry = gates.flatMap((gate) => (gate.wouldHave ?? []).map((each) => `${gate.title}: ${each.sentence}`));
  const lines = [...missing.map((sentence) => `Missing: ${sentence}`), ...notices, ...dry];
  byId('missing').replaceChildren(...lines.map((line) => el('li', {}, line)));
}

/** The reason why there is no row. */
function nothing({stage, mode}) {
  if (mode === 'legacy') {
    return 'Mode legacy: nothing is judged.';
  }
  return stage < 0 ? 'No stage is under way.' : 'This stage has not been judged yet.';
}

/** The truth about a stage: its place, and its end. */
function stepOf(model, stage, index) {
  const {state} = model;
  const bake = stage.bakeMillis > 0 ? `${duration(stage.bakeMillis / 1000)} of health` : 'the last stage';
  const told = {percentage: stage.percentage, phase: stage.phase};
  if (index > state.stage) {
    return {...told, place: 'ahead', shape: '○', words: `ahead, ${bake}`};
  }
  if (index < state.stage) {
    return {...told, ...pastOf(model.transitions, state.epoch, stage.phase)};
  }
  const by = state.manual ? `now, set by hand at ${state.percentage} %: its time does not count` : state.paused ? 'now, paused' : state.percentage < stage.percentage ? `now at ${state.percentage} %` : `now, ${bake}`;
  return {...told, place: 'current', shape: '◉', words: by};
}

function step({place, shape, percentage, phase, words}) {
  return el(
    'li',
    {class: place, 'aria-current': place === 'current' ? 'step' : null},
    el('span', {class: 'share'}, `${shape} ${percentage} %`),
    el('span', {class: 'name'}, phase),
    el('span', {class: 'hint'}, words),
  );
}

function gateRow(gate) {
  const limit = gate.held ? '–' : gate.limit;
  const tr = row(gate.title, words(gate), {num: gate.actual}, {num: limit}, {num: count(gate.samples)});
  return marked(tr, gate);
}

/** A figure of Foundry's beside legacy's. */
export function besideRow(gate) {
  const figures = [gate.actual, gate.legacy, gate.difference?.text ?? '–', gate.limit, count(gate.samples)];
  return marked(row(gate.title, words(gate), ...figures.map((num) => ({num}))), gate);
}

function words(gate) {
  if (stale) {
    return `○ not known; was ${STATES[gate.state].slice(2)}`;
  }
  if (gate.held) {
    return `– not waited for: ${gate.held}`;
  }
  return STATES[gate.state] + (gate.action === 'observe' ? ' (only observed)' : '');
}

function marked(tr, gate) {
  tr.dataset.state = stale || gate.held ? 'stale' : gate.state === 'no_data' ? 'waiting' : gate.state;
  tr.title = gate.sentence;
  return tr;
}

/** The rows of the present stage, as the server sends them. @returns {Array} none outside the stages */
export function gatesOf(model) {
  const health = model.presentHealth();
  const {state} = model;
  return !state || state.stage < 0 || !health ? [] : [...health.metrics, ...health.gates];
}
