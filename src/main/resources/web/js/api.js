// The admin API. The token is kept in this tab's session and goes out as a header alone.

const KEY = 'rollout-proxy-token';

/** A server that stands still takes connections all the same. */
const LONGEST_MILLIS = 10000;

/** A refusal of the API, with its sentence. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** @returns {string} empty = none */
export function token() {
  return sessionStorage.getItem(KEY) ?? '';
}

/** @param {string} value */
export function keepToken(value) {
  sessionStorage.setItem(KEY, value);
}

/** Headers that every request has. @returns {Object<string, string>} */
export function headers() {
  return token() ? {Authorization: `Bearer ${token()}`} : {};
}

/**
 * @param {string} path below the page, such as `api/v1/canary`
 * @returns {Promise<any>} the JSON; rejects with `Refused`
 */
export async function get(path) {
  return read(await fetch(path, {headers: headers(), cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(LONGEST_MILLIS)}));
}

/** Sends a command. @param {string} method @param {string} path @param {object} body */
export async function send(method, path, body) {
  return read(
    await fetch(path, {
      method,
      headers: {...headers(), 'Content-Type': 'application/json'},
      body: JSON.stringify(body),
      credentials: 'same-origin',
      signal: AbortSignal.timeout(LONGEST_MILLIS),
    }),
  );
}

async function read(response) {
  if (response.ok) {
    return response.json();
  }
  const problem = await response.json().catch(() => ({}));
  throw new Refused(response.status, problem.detail ?? `the admin port answered ${response.status}`);
}
