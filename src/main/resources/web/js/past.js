// The ends of the stages that lie behind.

import {duration} from './format.js';

/**
 * A stage below the present one, by the decisions that led past it.
 * @param {Array} transitions oldest first
 * @returns {{place: 'done'|'left', shape: string, words: string}}
 */
export function pastOf(transitions, epoch, phase) {
  const ours = transitions.filter((each) => each.epoch === epoch);
  const left = ours.findLastIndex((each) => each.fromPhase === phase && each.phase !== phase);
  if (left < 0) {
    // The first decision that is kept tells whether there may have been others before it.
    const whole = ['start', 'reset'].includes(ours[0]?.action);
    return {place: 'left', shape: '◌', words: whole ? 'skipped, never served' : 'behind; how it was left is not kept'};
  }
  const entered = ours.slice(0, left).findLast((each) => each.phase === phase && each.fromPhase !== phase);
  const after = entered ? ` after ${duration((Date.parse(ours[left].at) - Date.parse(entered.at)) / 1000)}` : '';
  if (ours[left].action === 'configure') {
    return {place: 'left', shape: '◐', words: `left${after}, when the stages were changed`};
  }
  return ours[left].action === 'advance' && ours[left].actor === 'auto'
    ? {place: 'done', shape: '●', words: `done, promoted${after}`}
    : {place: 'left', shape: '◐', words: `left by hand${after}`};
}
