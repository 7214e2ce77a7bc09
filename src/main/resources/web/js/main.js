// Puts the page together: asks for a token where one is needed, follows the events, shows the rest.

import {Actions} from './actions.js';
import {get, keepToken, token} from './api.js';
import {Charts} from './charts.js';
import {byId, setText} from './dom.js';
import {showFlow} from './flow.js';
import {clock} from './format.js';
import {Range} from './history.js';
import {showLadder} from './ladder.js';
import {showAlerts, showDecisions} from './lists.js';
import {Model} from './model.js';
import {showParts} from './parts.js';
import {showAbout, showCluster, showOthers} from './replicas.js';
import {onRequestsQuery, requestsQuery, showRequests} from './requests.js';
import {Simulate} from './simulate.js';
import {Stream} from './stream.js';
import {showCosts, showQuality} from './tables.js';
import {followTheme} from './theme.js';
import {Panel} from './unread.js';
import {showVerdict} from './verdict.js';
import {showWhose} from './whose.js';

const LINKS = {
  live: ['●', 'live'],
  waiting: ['◆', 'no connection, trying again'],
  paused: ['■', 'paused while hidden'],
  refused: ['◆', 'the token was refused'],
};

/** Looks at the rollout may fail for so long, one each three seconds. */
const UNREAD_MILLIS = 8_000;

const model = new Model();
let charts = null;
followTheme(() => charts?.build());
const range = new Range(model, () => charts.show(), () => refresh(history));
charts = new Charts(model, () => range.data(), (from, to) => range.part(from, to));
const simulate = new Simulate(model);
const actions = new Actions(model, (state) => {
  model.state = state;
  draw();
  refresh(decisions);
});
const stream = new Stream(take, link);
let drawing = false;

/** One drawing for all events of a frame: a replay brings hundreds. */
function draw() {
  if (!drawing) {
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      showVerdict(model);
      showLadder(model);
      showFlow(model);
      actions.show();
      simulate.show();
      if (range.live) {
        charts.show();
      }
    });
  }
}

function take(name, data) {
  if (name === 'hello') {
    beginAnew(data.continued);
  }
  if (name === 'transition') {
    refresh(decisions);
    refresh(state);
  }
  if (name === 'alert') {
    refresh(alerts);
  }
  if (model.apply(name, data)) {
    draw();
  }
}

/** All is read anew: with the rollout's state the page is of now again. */
function beginAnew(continued) {
  if (!continued) {
    model.forget();
  }
  [state, decisions, alerts, providers, requests, about, cluster, parts].forEach(refresh);
}

let live = false;

/** The server's words when it refused; empty = it said nothing. */
let reason = '';

/** True if the rollout was read since the connection was lost. */
let upToDate = false;

/** When the rollout was read last, milliseconds. */
let readAt = Date.now();

function link(kind, why = '') {
  reason = why;
  live = kind === 'live';
  const [shape, text] = LINKS[kind];
  setText(byId('link-shape'), shape);
  setText(byId('link'), text);
  if (!live) {
    upToDate = false;
    model.staleSince ??= stream.heardAt;
  }
  tellWhetherOld();
  if (kind === 'refused') {
    login('That token was refused.');
  }
}

/** Says across the page that what it shows is old, from when the connection is lost until all is of now again. */
function tellWhetherOld() {
  if (live && upToDate) {
    model.staleSince = null;
  }
  const old = model.staleSince !== null;
  const because = reason ? ` (${reason})` : '';
  const lost = live ? 'The rollout has not answered' : 'No connection to the proxy';
  setText(byId('lost'), old ? `${lost} since ${clock(model.staleSince / 1000)}${because}: what follows is old` : '');
  byId('lost').hidden = !old;
  document.documentElement.dataset.stale = String(old);
  draw();
}

const state = async () => {
  try {
    model.state = await get('api/v1/canary');
  } catch (failure) {
    // Traffic may be told of all the same, by another part of the proxy: that shows nothing of the rollout.
    if (live && failure.status !== 401 && Date.now() - readAt > UNREAD_MILLIS) {
      upToDate = false;
      reason = failure.message;
      model.staleSince ??= readAt;
      tellWhetherOld();
    }
    throw failure;
  }
  readAt = Date.now();
  upToDate = true;
  reason = live ? '' : reason;
  tellWhetherOld();
};

const providers = async () => {
  const all = await get('api/v1/providers');
  for (const {provider, breaker, up} of all) {
    Object.assign(model.providers[provider], {breaker, up});
  }
  showOthers(all);
};

const decisions = async () => {
  model.transitions = await get('api/v1/transitions');
  showDecisions(model.transitions);
  refresh(history); // the rollout's range begins with one
};

const history = () => range.look();

/** Its own words about the server; `null` = not asked yet. */
let server = null;

/** Asked for at other times than its leader. */
const showServer = () => server && showAbout(server, clustered ? leader : undefined);

const about = async () => {
  const told = await get('api/v1/about');
  server = told;
  showServer();
  showWhose('flow-whose', told.clustered ? {figures: 'replica', from: [told.replica], missing: []} : undefined);
  model.traceLink = told.traceLink;
  model.caller = {name: told.caller, role: told.role};
  if (clustered !== told.clustered) {
    clustered = told.clustered;
    refresh(cluster);
  }
};
const parts = async () => {
  const health = await get('api/v1/metrics');
  showParts(health);
  showWhose('health-whose', health.fleet);
};

/** Without a cluster nobody asks for its members. */
let clustered = false;

/** Of the cluster; `null` = nobody is heard to lead, `undefined` = not asked yet. */
let leader;

const cluster = async () => {
  const told = clustered ? await get('api/v1/cluster') : null;
  leader = told ? (told.leader ?? null) : undefined;
  model.leaderless = leader === null;
  showCluster(told);
  showServer();
};

const alerts = async () => showAlerts(await get('api/v1/alerts'));
const costs = async () => showCosts(await get(`api/v1/costs?by=${byId('costs-by').value}`));
const quality = async () => showQuality(await get(`api/v1/feedback?by=${byId('quality-by').value}`));

const requests = async () => {
  if (byId('requests-live').checked) {
    await find();
  }
};

/** Shows what is asked for, or the API's sentence about what cannot be asked. */
async function find() {
  const asked = requestsQuery();
  try {
    const {requests: found, fleet} = await get(`api/v1/requests${asked}`);
    if (asked === requestsQuery()) {
      showRequests(found, () => model.traceLink);
      showWhose('requests-whose', fleet);
      setText(byId('requests-error'), '');
    }
  } catch (failure) {
    if (failure.status !== 400) {
      throw failure;
    }
    setText(byId('requests-error'), failure.message);
  }
}

onRequestsQuery(() => refresh(find));

/** Where it is seen that a look fails, while all others go on. The rollout's own says it across the page, the charts' below them. */
const panels = new Map([
  [providers, new Panel('flow')],
  [decisions, new Panel('decisions')],
  [parts, new Panel('segments')],
  [cluster, new Panel('members')],
  [alerts, new Panel('alerts')],
  [costs, new Panel('costs')],
  [quality, new Panel('quality')],
  [requests, new Panel('requests')],
]);
panels.set(find, panels.get(requests));

const running = new Set();
const again = new Set();

/** Runs a look at the API, one of a kind at a time; what fails is tried again by the next one. */
async function refresh(look) {
  if (running.has(look)) {
    again.add(look);
    return;
  }
  running.add(look);
  try {
    do {
      again.delete(look);
      await look();
      panels.get(look)?.read();
      draw();
    } while (again.has(look));
  } catch (failure) {
    if (failure.status === 401) {
      link('refused');
    }
    panels.get(look)?.failed(failure.message);
  } finally {
    running.delete(look);
  }
}

/** Looks every so many seconds, while somebody can see it. */
function every(seconds, ...looks) {
  setInterval(() => {
    if (!document.hidden && started) {
      looks.forEach(refresh);
    }
  }, seconds * 1000);
}

let started = false;

async function begin(simulated) {
  if (simulated) {
    try {
      await simulate.begin();
    } catch (failure) {
      if (failure.status === 401) {
        throw failure;
      }
      // All else is shown and asked for again: the stream tells when there is an answer.
    }
  }
  started = true;
  stream.start();
  [costs, quality, history].forEach(refresh);
}

let simulated = false;

function login(why) {
  const dialog = byId('login');
  if (!dialog.open) {
    setText(byId('login-error'), why);
    byId('login-token').value = '';
    dialog.showModal();
  }
}

byId('login-form').addEventListener('submit', (event) => {
  event.preventDefault();
  keepToken(byId('login-token').value.trim());
  byId('login').close();
  begin(simulated).catch((failure) => (failure.status === 401 ? login('That token was refused.') : link('waiting')));
});
// Without a token there is nothing to go back to.
byId('login').addEventListener('cancel', (event) => event.preventDefault());
byId('costs-by').addEventListener('change', () => refresh(costs));
byId('quality-by').addEventListener('change', () => refresh(quality));

const facts = await get('dashboard.json');
({simulated} = facts);
setText(byId('version'), facts.version);
setInterval(draw, 1000); // times go on without events
every(3, requests, state, cluster);
every(5, parts);
every(10, costs, about, history);
every(15, quality, alerts, providers);
if (facts.tokenRequired && !token()) {
  login('');
} else {
  begin(simulated).catch((failure) => (failure.status === 401 ? login('That token was refused.') : link('waiting')));
}
