// What the page's token may do. The server decides; this is so that nobody tries in vain.

import {byId, setText} from './dom.js';

const ROLES = ['viewer', 'operator', 'admin'];

/**
 * Tells beside the buttons why they are disabled.
 * @param {import('./model.js').Model} model
 * @param {string} needed the role that they need
 * @param {string} place the id of the line for the words
 * @returns {boolean} whether it may, or that is not known
 */
export function may(model, needed, place) {
  const {caller} = model;
  const able = caller === null || ROLES.indexOf(caller.role) >= ROLES.indexOf(needed);
  byId(place).hidden = able;
  setText(byId(place), able ? '' : `${caller.name ?? 'This token'} has the role ${caller.role}: these need ${needed}.`);
  return able;
}
