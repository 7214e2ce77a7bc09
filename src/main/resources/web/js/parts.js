// Health by model, agent, route and tier: Foundry's users of each part of the traffic beside legacy's.

import {byId} from './dom.js';
import {Folded, restRow} from './folded.js';
import {besideRow} from './ladder.js';

const COLUMNS = 7;
let table = null;
let health = null;

/** Shows the parts. @param {object} latest as `GET api/v1/metrics` gives it; empty = nothing was judged yet */
export function showParts(latest) {
  health = latest;
  draw();
}

function draw() {
  if (table === null) {
    table = new Folded('segments', {
      columns: COLUMNS,
      nothing: 'Nothing to compare yet.',
      line: besideRow,
      rest: (parts, name) => restRow(COLUMNS, `${name}, none worse than the last one shown`),
    });
    byId('segments-by').addEventListener('change', draw);
  }
  const by = byId('segments-by').value;
  const parts = (health?.segments?.rows ?? [])
    .filter((part) => by === 'all' || part.kind === by)
    .map((part) => ({...part, name: part.title}));
  const compared = health?.segments?.compared ?? 0;
  table.show(parts, [], compared > 0 ? `None of the ${compared} parts that are compared is by ${by}, or among the 33 worst.` : 'Nothing to compare yet.');
}
