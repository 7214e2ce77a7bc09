// The flow picture: clients, the proxy, and what goes to either side. Its text says the same.

import {byId, setText, svg} from './dom.js';
import {clock, percent, perSecond} from './format.js';

const PATHS = {
  foundry: 'M 250 110 C 330 110, 330 50, 420 50',
  legacy: 'M 250 110 C 330 110, 330 170, 420 170',
};
const THICKEST = 26;
let parts = null;

/** Shows the traffic of the last ten seconds. */
export function showFlow(model) {
  parts ??= build();
  const {traffic, staleSince} = model;
  if (!traffic) {
    setText(byId('flow-text'), 'No traffic has been seen yet.');
    return;
  }
  const share = traffic.foundryShare;
  side('foundry', share, traffic.foundry, model.providers.foundry);
  side('legacy', share === null ? null : 1 - share, traffic.legacy, model.providers.legacy);
  if (staleSince !== null) {
    ['foundry', 'legacy'].forEach(stand);
    setText(byId('flow-text'), `What flows now is not known. Before ${clock(staleSince / 1000)}: ${sentence(traffic)}`);
    return;
  }
  setText(parts.total, perSecond(traffic.foundry.perSecond + traffic.legacy.perSecond));
  setText(byId('flow-text'), sentence(traffic));
}

function sentence(traffic) {
  if (traffic.foundryShare === null) {
    return 'In the last 10 s no request came.';
  }
  const instead = traffic.foundry.fallbacksPerSecond;
  const errors = traffic.foundry.errorsPerSecond + traffic.legacy.errorsPerSecond;
  return (
    `In the last 10 s ${percent(traffic.foundryShare)} were meant for Foundry (${perSecond(traffic.foundry.perSecond)}), ` +
    `the rest for legacy (${perSecond(traffic.legacy.perSecond)}). ` +
    (instead > 0 ? `Legacy answered ${perSecond(instead)} instead of Foundry. ` : '') +
    (errors > 0 ? `Clients saw ${perSecond(errors)} errors.` : 'No client saw an error.')
  );
}

function side(name, share, figures, provider) {
  const part = parts[name];
  const width = share === null ? 0 : Math.max(share > 0 ? 2 : 0, share * THICKEST);
  part.pipe.setAttribute('stroke-width', width);
  part.dots.setAttribute('visibility', share > 0 ? 'visible' : 'hidden');
  setText(part.figures, `${percent(share)}, ${perSecond(figures.perSecond)}`);
  const failing = figures.errorsPerSecond > 0;
  const instead = figures.fallbacksPerSecond > 0;
  setText(part.errors, trouble(figures, provider, failing, instead));
  part.errors.setAttribute('class', failing || provider.up === false ? 'bad' : 'quiet');
}

/** Nothing is known of a side: neither that it flows, nor that it is well. */
function stand(name) {
  const part = parts[name];
  part.dots.setAttribute('visibility', 'hidden');
  setText(part.errors, '○ not known');
  part.errors.setAttribute('class', 'quiet');
}

/** A diamond is trouble, a circle none: never the colour alone. */
function trouble(figures, provider, failing, instead) {
  if (provider.up === false) {
    return '◆ down';
  }
  if (failing) {
    return `◆ ${perSecond(figures.errorsPerSecond)} errors`;
  }
  if (provider.breaker && provider.breaker !== 'closed') {
    return `◆ breaker ${provider.breaker.replace('_', '-')}`;
  }
  if (instead) {
    return `◆ ${perSecond(figures.fallbacksPerSecond)} via legacy`;
  }
  return figures.perSecond > 0 ? '● no errors' : '○ no requests';
}

function build() {
  const made = {total: svg('text', {x: 150, y: 150, class: 'figure'}, '')};
  const picture = svg('svg', {viewBox: '0 0 760 220', class: 'flow', role: 'img', 'aria-labelledby': 'flow-title', 'aria-describedby': 'flow-text'});
  picture.append(svg('path', {d: 'M 100 110 L 200 110', class: 'pipe clients', 'stroke-width': 14}));
  for (const name of ['foundry', 'legacy']) {
    made[name] = branch(picture, name);
  }
  picture.append(box(10, 80, 90, 'clients'), box(195, 80, 110, 'proxy'), made.total);
  byId('flow').replaceChildren(picture);
  return made;
}

function branch(picture, name) {
  const y = name === 'foundry' ? 50 : 170;
  const part = {
    pipe: svg('path', {d: PATHS[name], class: `pipe ${name}`, 'stroke-width': 0}),
    dots: svg('path', {d: PATHS[name], class: 'dots', visibility: 'hidden'}),
    figures: svg('text', {x: 537, y: y - 6, class: 'small'}, ''),
    errors: svg('text', {x: 537, y: y + 20, class: 'quiet'}, ''),
  };
  picture.append(part.pipe, part.dots, box(415, y - 30, 110, name), part.figures, part.errors);
  return part;
}

function box(x, y, width, label) {
  return svg('g', {},
    svg('rect', {x, y, width, height: 60, rx: 10, class: `box ${label}`}),
    svg('text', {x: x + width / 2, y: y + 37, class: 'name'}, label));
}
