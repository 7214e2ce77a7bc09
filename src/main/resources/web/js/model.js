// What the page knows: the latest of everything, and the series of the charts.

const POINTS = 600; // ten minutes, one a second

/** Names of the series; each has one list for either provider. */
export const SERIES = ['rate', 'success', 'p95', 'firstContent', 'errors', 'cost'];

/** The page's knowledge, fed by events and by the API. */
export class Model {
  constructor() {
    /** Since when nothing is heard of the proxy, milliseconds; `null` = what is known is of now. */
    this.staleSince = null;
    /** What the page's token may do, as `GET api/v1/about` tells it; `null` = not known yet. */
    this.caller = null;
    /** True while the members of a cluster hear nobody who leads. */
    this.leaderless = false;
    /** Where a trace is shown, its id being `{trace_id}`; `null` = nowhere, or not known yet. */
    this.traceLink = null;
    /** The rollout, as `GET api/v1/canary` gives it. */
    this.state = null;
    /** The latest evaluation. */
    this.health = null;
    /** The traffic of the last ten seconds. */
    this.traffic = null;
    /** By name: `{breaker, up}`. */
    this.providers = {foundry: {}, legacy: {}};
    /** Decisions, oldest first. */
    this.transitions = [];
    /** The fault of the simulated Foundry; `null` = no simulation. */
    this.simulation = null;
    /** Seconds since the epoch. */
    this.times = [];
    /** Two lists for each of `SERIES`. */
    this.series = Object.fromEntries(SERIES.map((name) => [name, {foundry: [], legacy: []}]));
  }

  /** Takes an event of the stream. @returns {boolean} whether it is one that the page knows */
  apply(name, data) {
    switch (name) {
      case 'state':
        this.state = data;
        return true;
      case 'health':
        this.#health(data);
        return true;
      case 'traffic':
        this.traffic = data;
        this.#point(data);
        return true;
      case 'breaker':
        this.#provider(data, {breaker: data.state});
        return true;
      case 'probe':
        this.#provider(data, {up: data.up});
        return true;
      case 'simulation':
        this.simulation = data;
        return true;
      default:
        return false;
    }
  }

  /** The moment that the page tells of, milliseconds: it stands still with what is known. */
  now() {
    return this.staleSince ?? Date.now();
  }

  /** Forgets what was of a moment: what comes is of another process. */
  forget() {
    this.health = null;
    this.traffic = null;
  }

  /** The stage that is under way. @returns {object|null} */
  stage() {
    return this.state?.stages?.[this.state.stage] ?? null;
  }

  /** An evaluation of an earlier stage says nothing about the present one. */
  presentHealth() {
    const {health, state} = this;
    const present = health && state && health.epoch === state.epoch && health.stage === state.stage;
    return present ? health : null;
  }

  #health(data) {
    this.health = data;
    if (this.state) {
      this.state.lastHealthCheck = data.at;
    }
  }

  #provider(data, change) {
    if (Object.hasOwn(this.providers, data.provider)) {
      Object.assign(this.providers[data.provider], change);
    }
  }

  #point(traffic) {
    const at = Date.parse(traffic.at) / 1000;
    const last = this.times.at(-1) ?? 0;
    if (!(at > last)) {
      return;
    }
    this.times.push(at);
    for (const side of ['foundry', 'legacy']) {
      const figures = sideFigures(this.health, traffic, side);
      for (const name of SERIES) {
        this.series[name][side].push(figures[name]);
      }
    }
    if (this.times.length > POINTS) {
      this.times.shift();
      SERIES.forEach((name) => Object.values(this.series[name]).forEach((list) => list.shift()));
    }
  }
}

/** Rates and first content are of the last 10 s, the others those of the judge's window. */
function sideFigures(health, traffic, side) {
  const judged = health?.[side];
  const window = health?.[`${side}Window`];
  return {
    rate: traffic[side].perSecond,
    success: window?.settled > 0 ? 1 - window.errors / window.settled : null,
    p95: judged?.requestCount > 0 ? judged.latencyP95 : null,
    firstContent: traffic[side].firstContentP95,
    errors: traffic[side].errorsPerSecond,
    cost: window?.costKnown > 0 ? window.costNano / window.costKnown / 1e9 : null,
  };
}
