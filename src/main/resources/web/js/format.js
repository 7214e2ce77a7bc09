// Figures and times for people. What is not known is an en dash.

const NOTHING = '–';
const CLOCK = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false});
const MONTH = new Intl.DateTimeFormat('en', {month: 'short'});
const COUNT = new Intl.NumberFormat('en');

const known = (value) => value !== null && value !== undefined && Number.isFinite(Number(value));

/** A share of 0..1 as per cent. */
export function percent(share, digits = 1) {
  return known(share) ? `${(share * 100).toFixed(digits)} %` : NOTHING;
}

/** Milliseconds, as ms or s. */
export function millis(value) {
  if (!known(value)) {
    return NOTHING;
  }
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`;
}

/** Dollars; small amounts keep two digits that tell something. A cost that is not told is not free. */
export function usd(value) {
  if (!known(value)) {
    return 'unknown';
  }
  const amount = Number(value);
  if (amount === 0 || amount >= 1) {
    return `$${amount.toFixed(2)}`;
  }
  return `$${amount.toFixed(Math.min(9, 1 - Math.floor(Math.log10(amount))))}`;
}

/** A whole number. */
export function count(value) {
  return known(value) ? COUNT.format(value) : NOTHING;
}

/** So many in a second. */
export function perSecond(value) {
  return known(value) ? `${Number(value).toFixed(value < 10 ? 1 : 0)}/s` : NOTHING;
}

/** A stretch of time of so many seconds: `2 h 05 min`, `1 min 05 s`, `12 s`. */
export function duration(seconds) {
  if (!known(seconds)) {
    return NOTHING;
  }
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, '0');
  if (whole >= 3600) {
    return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  }
  return whole >= 60 ? `${Math.floor(whole / 60)} min ${two(whole % 60)} s` : `${whole} s`;
}

/** The time of day of an ISO time or of seconds since the epoch. */
export function clock(time) {
  const date = typeof time === 'number' ? new Date(time * 1000) : new Date(time);
  return Number.isNaN(date.getTime()) ? NOTHING : CLOCK.format(date);
}

/** The time of day, with its day where that is another one than today. */
export function clockAndDay(time) {
  const date = typeof time === 'number' ? new Date(time * 1000) : new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  return today ? clock(time) : `${date.getDate()} ${MONTH.format(date)} ${clock(time)}`;
}

/**
 * A decision as the Slack channel of the alerts words it.
 * @param {object} transition
 * @param {string} environment empty = it has none
 */
export function slackText(transition, environment) {
  const kind = transition.action === 'advance' && transition.actor === 'auto' ? 'promotion' : transition.action;
  const where = environment ? `${environment} ` : '';
  return `[${kind === 'rollback' ? 'critical' : 'info'}] ${where}${kind}: ${transition.sentence}`;
}
