// The stages, and what the present one is held to.

import {byId, el, row, setRows} from './dom.js';
import {count, duration, millis, percent, usd} from './format.js';

const OK = {state: 'ok', text: '● OK'};
const OVER = {state: 'over', text: '◆ over the limit'};
const WAITING = {state: 'waiting', text: '○ not enough yet'};
const NO_DATA = {state: 'waiting', text: '○ no data yet'};

let shown = '';

/** Shows the stages, the gates, and what is missing for the next stage. */
export function showLadder(model) {
  const {state} = model;
  if (!state) {
    return;
  }
  const key = JSON.stringify([state.stages, state.stage, state.percentage, state.phase]);
  if (key !== shown) {
    shown = key;
    byId('ladder').replaceChildren(...state.stages.map((stage, index) => step(stage, index, state)));
  }
  const gates = gatesOf(model);
  setRows(byId('gates'), gates.map(gateRow), 5, 'No stage is under way.');
  const missing = model.presentHealth() && state.stage >= 0 ? model.health.promotion.missing : [];
  byId('missing').replaceChildren(...missing.map((sentence) => el('li', {}, `Missing: ${sentence}`)));
}

function step(stage, index, state) {
  const place = index < state.stage ? 'done' : index === state.stage ? 'current' : 'ahead';
  const shape = {done: '●', current: '◉', ahead: '○'}[place];
  const word = {done: 'done', current: 'now', ahead: 'ahead'}[place];
  const bake = stage.bakeMillis > 0 ? `${duration(stage.bakeMillis / 1000)} of health` : 'the last stage';
  return el(
    'li',
    {class: place, 'aria-current': place === 'current' ? 'step' : null},
    el('span', {class: 'share'}, `${shape} ${stage.percentage} %`),
    el('span', {class: 'name'}, stage.phase),
    el('span', {class: 'hint'}, `${word}, ${bake}`),
  );
}

function gateRow(gate) {
  const tr = row(gate.name, gate.verdict.text, {num: gate.actual}, {num: gate.limit}, {num: gate.samples});
  tr.dataset.state = gate.verdict.state;
  return tr;
}

/** The gates of the present stage. @returns {Array} none outside the stages */
export function gatesOf(model) {
  const health = model.presentHealth();
  const {state} = model;
  if (!state || state.stage < 0 || !health) {
    return [];
  }
  return [...limits(health), ...proofs(model, health)];
}

function limits(health) {
  const window = health.foundryWindow;
  const {errorThreshold, latencyThreshold, costThreshold} = health.limits;
  const meanCost = window.costKnown > 0 ? window.costNano / window.costKnown / 1e9 : null;
  return [
    gate('Error rate', percent(share(window.errors, window.settled)), `≤ ${percent(errorThreshold)}`, window.settled,
      window.errors > errorThreshold * window.settled),
    gate('Latency, p95', millis(window.observed > 0 ? health.foundry.latencyP95 : null), `≤ ${millis(latencyThreshold)}`,
      window.observed, 20 * window.slow > window.observed),
    gate('Cost per request', usd(meanCost), `≤ ${usd(costThreshold)}`, window.costKnown, meanCost > costThreshold),
  ];
}

function proofs(model, health) {
  const {state} = model;
  const seen = health.foundryTotals?.observed ?? 0;
  const wanted = seen + health.promotion.observationsMissing;
  const bake = (model.stage()?.bakeMillis ?? 0) / 1000;
  const breaker = model.providers.foundry.breaker ?? 'closed';
  const stale = health.freshness.stale.length;
  const proof = [
    {name: 'Observations', actual: count(seen), limit: `≥ ${count(Math.max(seen === 0 ? 1 : 0, wanted))}`, samples: count(seen),
      verdict: health.promotion.observationsMissing > 0 ? WAITING : OK},
  ];
  if (bake > 0) {
    proof.push({name: 'Time of health', actual: duration(state.healthyDuration), limit: `≥ ${duration(bake)}`, samples: '–',
      verdict: state.healthyDuration >= bake ? OK : WAITING});
  }
  return [
    ...proof,
    {name: 'Circuit breaker', actual: breaker, limit: 'closed', samples: '–', verdict: breaker === 'closed' ? OK : OVER},
    {name: 'Fresh figures', actual: stale > 0 ? `${stale} silent` : 'all speak', limit: 'all speak',
      samples: count(health.freshness.sources), verdict: stale > 0 ? NO_DATA : OK},
  ];
}

function gate(name, actual, limit, samples, over) {
  return {name, actual, limit, samples: count(samples), verdict: samples === 0 ? NO_DATA : over ? OVER : OK};
}

function share(part, whole) {
  return whole > 0 ? part / whole : null;
}
