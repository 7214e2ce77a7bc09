// Cost and quality.

import {byId, el, row, setText} from './dom.js';
import {Folded, restRow} from './folded.js';
import {count, usd} from './format.js';
import {showWhose} from './whose.js';

const costTable = new Folded('costs', {
  columns: 5,
  nothing: 'Nothing was charged yet.',
  line: (line) => costRow(line.name, line),
  rest: (lines, name) => marked(costRow(name, sumOf(lines))),
});

const qualityTable = new Folded('quality', {
  columns: 4,
  nothing: 'No ratings yet. Callers send them to POST /v1/feedback.',
  line: qualityRow,
  rest: (lines, name) => {
    const ratings = lines.reduce((sum, line) => sum + line.foundry.count + line.legacy.count, 0);
    return restRow(4, `${name}, of ${count(ratings)} ratings`);
  },
});

function marked(line) {
  line.className = 'rest';
  return line;
}

/** The sum of rows; a cost that is not known of one is not known of the sum. */
function sumOf(lines) {
  const sum = (field) => lines.reduce((all, line) => all + line[field], 0);
  const dear = lines.every((line) => line.costNanoUsd !== null);
  const nano = dear ? sum('costNanoUsd') : null;
  return {
    requests: sum('requests'),
    unknown: sum('unknown'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    costNanoUsd: nano,
    costUsd: nano === null ? null : nano / 1e9,
  };
}

/** Shows what was charged. @param {object} costs as `GET api/v1/costs` gives it */
export function showCosts(costs) {
  setText(byId('costs-head'), capital(costs.by));
  showWhose('costs-whose', costs.fleet);
  const rows = costs.rows
    .slice()
    .sort((one, other) => other.costNanoUsd - one.costNanoUsd)
    .map((line) => ({...line, name: line[costs.by] || 'not told'}));
  costTable.show(rows, rows.length > 0 ? [marked(costRow('all together', costs.total))] : []);
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
  showWhose('quality-whose', feedback.fleet);
  const rows = feedback.rows
    .map((line) => ({name: line[feedback.by] || 'not told', ...line}))
    .filter((line) => line.foundry.count + line.legacy.count > 0);
  const total = feedback.total.foundry.count + feedback.total.legacy.count;
  const all = total > 0 ? [{name: 'all answers', ...feedback.total}] : [];
  const most = (line) => line.foundry.count + line.legacy.count;
  qualityTable.show(rows.sort((one, other) => most(other) - most(one)), all.map((line) => marked(qualityRow(line))));
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
