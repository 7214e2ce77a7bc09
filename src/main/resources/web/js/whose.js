// Whose figures a panel has, where there are several replicas.

import {byId, setText} from './dom.js';

const MOST = 5;

/** Says it below a panel; without a cluster nothing. @param {object|undefined} fleet as answers of the API have it */
export function showWhose(id, fleet) {
  const place = byId(id);
  place.hidden = !fleet;
  setText(place, fleet ? words(fleet) : '');
}

function words({figures, replicas, from, missing}) {
  const without = missing.slice(0, MOST).map(({replica, why}) => `${replica ?? 'unknown'} (${why})`);
  const more = missing.length > MOST ? ` and ${missing.length - MOST} more` : '';
  const lacks = missing.length > 0 ? `; missing: ${without.join(', ')}${more}` : '';
  switch (figures) {
    case 'all':
      return `${missing.length > 0 ? '◆ ' : ''}Of ${replicas} replicas${lacks}.`;
    case 'leaders':
      return `${missing.length > 0 ? '◆ ' : ''}Of all replicas, as those that led have kept it; rates are of the one that led${lacks}.`;
    case 'leader':
      return `Of all replicas, as the leader, ${from[0]}, judges them.`;
    default:
      return `Of ${from.length > 0 ? `replica ${from[0]}` : 'this replica'}${lacks}.`;
  }
}
