// The verdict bar: where the rollout is, and why, in one look.

import {byId, setText} from './dom.js';
import {duration, percent} from './format.js';

/**
 * The rollout in a word.
 * @returns {{word: string, tone: 'good'|'bad'|'warn'|'calm', shape: string, why: string}}
 */
export function verdictOf(model) {
  const verdict = latestOf(model);
  return model.staleSince === null || !model.state
    ? verdict
    : {word: `Not known; last: ${verdict.word}`, tone: 'calm', shape: '○', why: verdict.why};
}

function latestOf(model) {
  const {state} = model;
  if (!state) {
    return {word: 'Connecting', tone: 'calm', shape: '○', why: 'Waiting for the rollout.'};
  }
  const health = model.presentHealth();
  const why = health?.sentence || state.reason;
  if (state.mode !== 'canary') {
    return {word: `Mode ${state.mode}`, tone: 'calm', shape: '○', why: state.next};
  }
  if (state.phase === 'rollback') {
    return {word: 'Rolled back', tone: 'bad', shape: '◆', why: state.reason};
  }
  if (state.durable === false) {
    return {word: 'State not written', tone: 'bad', shape: '◆', why: state.next};
  }
  if (state.phase === 'initial') {
    return {word: 'Idle', tone: 'calm', shape: '○', why: state.reason};
  }
  if (state.paused) {
    return {word: 'Paused', tone: 'warn', shape: '■', why};
  }
  if (state.manual) {
    return {word: 'Set by hand', tone: 'warn', shape: '■', why};
  }
  return running(model, health, why);
}

function running(model, health, why) {
  if (health === null) {
    return {word: 'Not judged yet', tone: 'calm', shape: '○', why: model.state.next};
  }
  if (health.verdict === 'alert' || health.verdict === 'rollback') {
    return {word: 'Over a limit', tone: 'bad', shape: '◆', why};
  }
  if (model.leaderless) {
    return {word: 'No leader', tone: 'warn', shape: '■', why: model.state.next};
  }
  if (health.verdict === 'hold') {
    return {word: 'Holding', tone: 'warn', shape: '■', why};
  }
  const last = model.state.stage === model.state.stages.length - 1;
  return last
    ? {word: 'Promoted', tone: 'good', shape: '●', why}
    : {word: 'Progressing', tone: 'good', shape: '●', why};
}

/** Shows it; called at each change and once a second. */
export function showVerdict(model) {
  const {state} = model;
  const verdict = verdictOf(model);
  byId('verdict').dataset.tone = verdict.tone;
  setText(byId('verdict-word'), `${verdict.shape} ${verdict.word}`);
  setText(byId('verdict-why'), verdict.why);
  if (!state) {
    return;
  }
  setText(byId('fact-phase'), state.phase);
  setText(byId('fact-set'), `${state.percentage} %`);
  setText(byId('fact-actual'), percent(model.traffic?.foundryShare));
  setText(byId('fact-since'), duration((model.now() - Date.parse(state.startedAt)) / 1000));
  const bake = (model.stage()?.bakeMillis ?? 0) / 1000;
  const healthy = duration(state.healthyDuration);
  const counted = bake > 0 ? `${healthy} of ${duration(bake)}` : healthy;
  setText(byId('fact-healthy'), state.manual ? 'not counted: set by hand' : state.paused ? `${healthy}, paused` : counted);
  setText(byId('verdict-next'), state.next);
  document.title = `${verdict.word} ${state.percentage} % – rollout-proxy`;
}
