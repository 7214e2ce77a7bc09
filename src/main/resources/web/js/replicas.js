// The place that the page looks at: environment, replica, leader; and the members of the cluster, where there is one.

import {byId, row, setRows, setText} from './dom.js';
import {duration} from './format.js';

const MOST = 100;
const MOST_NAMED = 5;

/**
 * Shows whom the page asks.
 * @param {object} about as `GET api/v1/about` gives it
 * @param {string|null|undefined} leader of its cluster; `null` = nobody is heard to lead, `undefined` = there is no cluster
 */
export function showAbout(about, leader) {
  setText(byId('version'), about.version);
  byId('environment').hidden = !about.environment;
  setText(byId('environment'), about.environment ?? '');
  byId('replica').hidden = false;
  // The members are asked more often than the server about itself.
  const leads = leader === undefined ? about.leads : leader === about.replica;
  setText(byId('replica'), `replica ${about.replica}, ${leads ? 'leads' : follows(leader)}`);
}

/** Who does not lead knows of another one only in a cluster. */
function follows(leader) {
  if (leader === undefined) {
    return 'does not lead';
  }
  return leader === null ? 'nobody is heard to lead' : `follows ${leader}`;
}

/** Shows the members; `null` = there is no cluster. @param {object|null} cluster as `GET api/v1/cluster` gives it */
export function showCluster(cluster) {
  byId('cluster').hidden = cluster === null;
  if (cluster === null) {
    return;
  }
  const {members} = cluster;
  const heard = members.filter((member) => !member.stale);
  const led = cluster.leader ? `${cluster.leader} leads` : 'nobody is heard to lead';
  // An earlier version does not name those that are gone.
  const gone = (cluster.missing ?? []).filter((replica) => !members.some((each) => each.replica === replica));
  const parted = side(cluster);
  setText(byId('cluster-words'), `${cluster.name}: ${heard.length} of ${members.length + gone.length} members are heard, ${led}.${parted}${without(cluster)}`);
  byId('cluster-words').dataset.state = parted ? 'over' : 'ok';
  byId('parted').hidden = !parted;
  setText(byId('parted'), parted ? `◆ this side has ${heard.length} of ${members.length + gone.length} replicas` : '');
  setRows(byId('members'), members.slice(0, MOST).map(member), 7, 'No members.');
}

/** The judge of a parted cluster's side and its part, in words; empty = it has not parted. */
function side({side: judge, share}) {
  if (!judge && (share ?? 1) >= 1) {
    return '';
  }
  const who = judge ? `${judge} judges for those that hear no leader` : 'The leader does not hear all';
  const part = share !== null && share < 1 ? `, ${Math.round(100 * share)} % of them` : '';
  return ` ◆ ${who}${part}: a rollback by itself takes more evidence, and nothing is promoted without a leader.`;
}

function without({missing = []}) {
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} more` : '';
  return missing.length > 0 ? ` Not heard: ${missing.slice(0, MOST_NAMED).join(', ')}${more}.` : '';
}

/** Shows the providers' troubles at other replicas than this one. @param {object[]} providers as `GET api/v1/providers` gives them */
export function showOthers(providers) {
  const troubles = providers.flatMap(({provider, others = []}) => others
    .filter(({breaker, up}) => breaker !== 'closed' || !up)
    .map(({replica, breaker, up}) => `${provider} at ${replica}: ${up ? `breaker ${breaker.replace('_', '-')}` : 'down'}`));
  const more = troubles.length > MOST_NAMED ? ` and ${troubles.length - MOST_NAMED} more` : '';
  byId('others').hidden = troubles.length === 0;
  setText(byId('others'), troubles.length > 0 ? `◆ ${troubles.slice(0, MOST_NAMED).join(', ')}${more}.` : '');
}

function member(each) {
  const line = row(
    each.self ? `${each.replica} (this one)` : (each.replica ?? 'not known yet'),
    each.leads ? '◉ leads' : '○ follows',
    each.stale ? '◆ silent' : '● heard',
    {num: each.percentage === null ? '–' : `${each.percentage} %`},
    each.build ?? '–',
    configuration(each),
    {num: each.self ? '–' : `${duration(each.ageMillis / 1000)} ago`},
  );
  line.dataset.state = each.stale || each.drift ? 'over' : 'ok';
  return line;
}

/** The server compares with its own configuration, whoever leads. */
function configuration(each) {
  if (each.self) {
    return 'this one’s';
  }
  if (!each.configuration) {
    return '–';
  }
  return each.drift ? '◆ another one than this one’s' : '● as this one’s';
}
