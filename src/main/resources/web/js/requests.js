// The latest requests: one is found by its id, status, user or model, and opened.

import {copyButton} from './copy.js';
import {byId, el, row, setRows} from './dom.js';
import {clock, count, millis, usd} from './format.js';

const FIELDS = ['id', 'status', 'user', 'model'];
const COLUMNS = 12;

/** The question to the server. @returns {string} the query, empty = the latest */
export function requestsQuery() {
  const asked = new URLSearchParams();
  for (const field of FIELDS) {
    const value = byId(`requests-${field}`).value.trim();
    if (value) {
      asked.set(field, value);
    }
  }
  return String(asked) === '' ? '' : `?${asked}`;
}

/** Calls back when something else is asked for. */
export function onRequestsQuery(changed) {
  byId('requests-find').addEventListener('submit', (event) => {
    event.preventDefault();
    changed();
  });
  FIELDS.forEach((field) => byId(`requests-${field}`).addEventListener('change', changed));
  byId('request-close').addEventListener('click', () => byId('request').close());
}

/**
 * Shows the requests, newest first.
 * @param {Array} requests
 * @param {() => string|null} traceLink where a trace is shown, its id being `{trace_id}`; `null` = nowhere
 */
export function showRequests(requests, traceLink) {
  const nothing = requestsQuery() ? 'None of the requests that are kept is like that.' : 'No request came yet.';
  const list = byId('requests');
  // Whoever is at a button of the list stays at it, though its row is made anew.
  const at = list.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
  setRows(list, requests.map((request) => requestRow(request, traceLink)), COLUMNS, nothing);
  if (at !== null) {
    [...list.querySelectorAll('button')].find((button) => button.getAttribute('aria-label') === at)?.focus({preventScroll: true});
  }
}

function requestRow(request, traceLink) {
  const open = el('button', {type: 'button', class: 'small', 'aria-label': `Open ${request.correlationId}`}, 'Open');
  open.addEventListener('click', () => show(request, traceLink()));
  const line = row(
    clock(request.at),
    open,
    request.route,
    request.provider === null ? 'nobody' : request.provider,
    request.fallback ? 'fallback' : request.reason ?? '–',
    {num: status(request)},
    {num: millis(request.firstContentMillis)},
    {num: millis(request.latencyMillis)},
    request.model ?? '–',
    {num: count(request.tokens)},
    {num: usd(request.costUsd)},
    el('code', {}, request.correlationId),
  );
  line.dataset.state = request.clientSawError ? 'over' : request.fallback ? 'waiting' : 'ok';
  return line;
}

function status(request) {
  const code = request.status === 0 ? 'none' : request.status;
  return request.clientSawError ? `◆ ${code}` : request.ending === 'client_gone' ? `${code}, left` : code;
}

/** A way to a request's trace. @returns {HTMLElement|null} */
function traceAnchor(traceLink, trace) {
  const href = traceLink?.replaceAll('{trace_id}', () => encodeURIComponent(trace));
  return href ? el('a', {href, target: '_blank', rel: 'noopener noreferrer'}, 'Open the trace') : null;
}

/** All that is known of one. */
function show(request, traceLink) {
  const facts = [
    ['Ended', new Date(request.at).toISOString()],
    ['Request', `${request.method} ${request.path}`],
    ['Route', request.route],
    ['Served by', request.provider ?? 'nobody'],
    ['Why', request.reason ?? '–'],
    ['Fallback', request.fallback ? 'legacy instead of Foundry' : 'no'],
    ['Status', request.status === 0 ? 'none was sent' : request.status],
    ['Ending', request.ending],
    ['Outcome of the last attempt', request.outcome ?? '–'],
    ['Attempts', request.attempts],
    ['First content', millis(request.firstContentMillis)],
    ['Whole', millis(request.latencyMillis)],
    ['Of that the proxy', request.overheadMillis === null ? '–' : `${request.overheadMillis.toFixed(1)} ms`],
    ['Model', request.model ?? '–'],
    ['Deployment', request.deployment ?? '–'],
    ['Region', request.region ?? '–'],
    ['Agent', request.agent ?? '–'],
    ['Tier', request.tier ?? '–'],
    ['User', request.user ?? '–'],
    ['Tokens', count(request.tokens)],
    ['Cost', usd(request.costUsd)],
    ...request.charges.map((charge, index) => [
      `Charge ${index + 1}`,
      `${charge.provider}, ${charge.model ?? 'model not known'}, ${count(charge.tokens)} tokens, ${usd(charge.costUsd)}`,
    ]),
  ];
  const ids = [
    ['Correlation id', request.correlationId],
    ['Trace', request.trace, request.trace ? traceAnchor(traceLink, request.trace) : null],
    ['Span', request.span],
    ['Provider’s request id', request.providerRequestId],
    ['Azure’s gateway id', request.apimRequestId],
  ].filter(([, id]) => id);
  byId('request-facts').replaceChildren(
    ...facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
    ...ids.map(([name, id, way = null]) =>
      el('div', {}, el('dt', {}, name), el('dd', {}, el('code', {}, id), ' ', copyButton('Copy', () => id, name), way && ' ', way)),
    ),
  );
  byId('request').showModal();
}
