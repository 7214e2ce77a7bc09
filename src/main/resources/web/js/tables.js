// Cost and quality.

import {byId, el, row, setRows, setText} from './dom.js';
import {count, usd} from './format.js';

/** Shows what was charged. @param {object} costs as `GET api/v1/costs` gives it */
export function showCosts(costs) {
  setText(byId('costs-head'), capital(costs.by));
  const rows = costs.rows
    .slice()
    .sort((one, other) => other.costNanoUsd - one.costNanoUsd)
    .map((line) => costRow(line[costs.by] || 'not told', line));
  if (rows.length > 0) {
    rows.push(costRow('all together', costs.total));
  }
  setRows(byId('costs'), rows, 5, 'Nothing was charged yet.');
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}

function costRow(name, line) {
  const known = line.requests - line.unknown;
  return row(
    name,
    {num: count(line.requests)},
    {num: count(line.inputTokens + line.outputTokens)},
    {num: usd(line.costUsd)},
    {num: usd(line.costNanoUsd === null || known === 0 ? null : line.costNanoUsd / known / 1e9)},
  );
}

/** Shows how callers rate both sides. @param {object} feedback as `GET api/v1/feedback` gives it */
export function showQuality(feedback) {
  setText(byId('quality-head'), capital(feedback.by));
  const rows = feedback.rows
    .map((line) => ({name: line[feedback.by] || 'not told', ...line}))
    .filter((line) => line.foundry.count + line.legacy.count > 0);
  const total = feedback.total.foundry.count + feedback.total.legacy.count;
  const all = total > 0 ? [{name: 'all answers', ...feedback.total}] : [];
  setRows(byId('quality'), [...all, ...rows].map(qualityRow), 4,
    'No ratings yet. Callers send them to POST /v1/feedback.');
}

function qualityRow(line) {
  const both = line.foundry.count > 0 && line.legacy.count > 0;
  return row(
    line.name,
    {num: score(line.foundry)},
    {num: score(line.legacy)},
    {num: both ? difference(line.difference) : '–'},
  );
}

/** An interval that holds 0 tells nothing. */
function preferred(low, high) {
  return low > 0 ? 'Foundry is preferred' : high < 0 ? 'legacy is preferred' : 'it may be chance';
}

function score(estimate) {
  return estimate.count === 0
    ? '–'
    : figure(estimate.mean.toFixed(2), `(${estimate.interval[0].toFixed(2)} to ${estimate.interval[1].toFixed(2)}, n = ${count(estimate.count)})`);
}

function difference({mean, interval: [low, high]}) {
  return el('span', {}, figure(signed(mean), `(${signed(low)} to ${signed(high)})`), el('small', {}, preferred(low, high)));
}

/** A figure, and below it how sure it is. */
function figure(value, bounds) {
  return el('span', {}, `${value} `, el('small', {}, bounds));
}

function signed(value) {
  return `${value > 0 ? '+' : ''}${value.toFixed(2)}`;
}
