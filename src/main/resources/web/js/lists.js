// Decisions with their evidence, and alerts.

import {copyButton} from './copy.js';
import {byId, el, row, setRows} from './dom.js';
import {clockAndDay, slackText} from './format.js';
import {showWhose} from './whose.js';

/** The decisions that are shown: what is open or just copied in one stays so when another comes. */
let shown = new Map();

/** Shows the decisions, newest first. @param {Array} transitions oldest first */
export function showDecisions(transitions) {
  const now = new Map();
  for (const transition of transitions) {
    const key = `${transition.at} ${transition.sentence}`;
    now.set(key, shown.get(key) ?? decision(transition));
  }
  shown = now;
  const items = [...now.values()].reverse();
  byId('decisions').replaceChildren(
    ...(items.length > 0 ? items : [el('li', {class: 'hint'}, 'Nothing was decided yet.')]),
  );
}

function decision(transition) {
  const item = el('li', {class: transition.action === 'rollback' ? 'bad' : null},
    el('time', {datetime: transition.at}, clockAndDay(transition.at)),
    ' ',
    el('span', {}, transition.sentence),
    ' ',
    copyButton('Copy as Slack text', () => slackText(transition, byId('environment').textContent), `decision of ${clockAndDay(transition.at)}`));
  if (Object.keys(transition.evidence ?? {}).length > 0) {
    item.append(evidence(transition));
  }
  return item;
}

/** The figures of that moment, put together only when somebody looks. */
function evidence(transition) {
  const place = el('pre', {tabindex: '0', 'aria-label': 'Evidence'});
  const details = el('details', {}, el('summary', {}, `Evidence of ${clockAndDay(transition.at)}`), place);
  details.addEventListener('toggle', () => {
    if (details.open && place.textContent === '') {
      place.textContent = JSON.stringify(transition.evidence, null, 2);
    }
  });
  return details;
}

/** Shows the alerts, newest first. @param {object} answer as `GET api/v1/alerts` gives it */
export function showAlerts(answer) {
  const rows = answer.alerts.slice(0, 50).map((alert) => {
    const sent = Object.entries(alert.deliveries).map(([channel, state]) => `${channel}: ${state}`);
    const shape = {critical: '◆', warning: '■'}[alert.severity] ?? '●';
    const line = row(clockAndDay(alert.at), `${shape} ${alert.severity}`, alert.sentence, sent.join(', ') || 'shown here alone');
    line.dataset.severity = alert.severity;
    return line;
  });
  showWhose('alerts-whose', answer.fleet);
  setRows(byId('alerts'), rows, 4, 'No alerts.');
}
