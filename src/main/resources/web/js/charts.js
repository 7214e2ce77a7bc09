// The charts: Foundry and legacy in one frame each, so that both have the same scale.

import uPlot from '../uplot.js';
import {byId, el, row, setRows, setText} from './dom.js';
import {clock, clockAndDay, millis, percent, perSecond, usd} from './format.js';
import {colour} from './theme.js';

const HEIGHT = 190;
const TABLE_ROWS = 12;

/** Pixels; a hand that clicks may tremble. */
const LEAST_DRAWN = 5;
const TABLE_SECONDS = 5;

/** The charts: `limit` reads the line's height from the latest evaluation. */
const CHARTS = [
  {name: 'rate', title: 'Requests per second', format: perSecond, limit: null},
  {name: 'success', title: 'Success, judged window', format: percent, limit: (l) => 1 - l.errorThreshold, ceiling: 1},
  {name: 'p95', title: 'Latency p95, judged window', format: millis, limit: (l) => l.latencyThreshold},
  {name: 'firstContent', title: 'Time to first token p95', format: millis, limit: null},
  {name: 'errors', title: 'Errors that clients saw, per second', format: perSecond, limit: null},
  {name: 'cost', title: 'Cost per request', format: usd, limit: (l) => Number(l.costThreshold)},
];

/** All charts of the page. */
export class Charts {
  /**
   * @param {import('./model.js').Model} model
   * @param {() => {times: number[], series: object}} data what is shown
   * @param {(from: number, to: number) => void} onPart a part of the time was drawn over, seconds since the epoch
   */
  constructor(model, data, onPart) {
    this.model = model;
    this.data = data;
    this.onPart = onPart;
    this.frames = CHARTS.map((chart) => this.#frame(chart));
    byId('charts').replaceChildren(...this.frames.map((frame) => frame.figure));
    this.build();
    new ResizeObserver(() => this.#resize()).observe(byId('charts'));
  }

  /** Makes the plots anew: after a change of colours. */
  build() {
    for (const frame of this.frames) {
      frame.plot?.destroy();
      frame.plot = new uPlot(this.#options(frame), this.#data(frame.chart.name), frame.canvas);
    }
  }

  /** Shows the newest figures. */
  show() {
    for (const frame of this.frames) {
      frame.plot.setData(this.#data(frame.chart.name));
      this.#words(frame);
    }
  }

  #frame(chart) {
    const canvas = el('div', {class: 'plot', 'aria-hidden': 'true'});
    const now = el('p', {class: 'now'}, '–');
    const body = el('tbody');
    const table = el('details', {}, el('summary', {}, `${chart.title} as a table`),
      el('table', {},
        el('thead', {}, el('tr', {}, el('th', {scope: 'col'}, 'Time'), el('th', {scope: 'col', class: 'num'}, 'Foundry'), el('th', {scope: 'col', class: 'num'}, 'legacy'))),
        body));
    const figure = el('figure', {class: 'chart'}, el('figcaption', {}, chart.title), now, canvas, table);
    return {chart, canvas, now, body, table, figure, plot: null};
  }

  #data(name) {
    const {times, series} = this.data();
    return [times, series[name].foundry, series[name].legacy];
  }

  #limit(chart) {
    const limits = this.model.health?.limits;
    return chart.limit && limits ? chart.limit(limits) : null;
  }

  #words({chart, now, body, table}) {
    const {times, series} = this.data();
    const {foundry, legacy} = series[chart.name];
    const limit = this.#limit(chart);
    const comparator = chart.ceiling ? '≥' : '≤';
    setText(now, `Foundry ${chart.format(foundry.at(-1))}, legacy ${chart.format(legacy.at(-1))}` +
      (limit === null ? '' : `, limit ${comparator} ${chart.format(limit)}`));
    if (table.open) {
      const rows = [];
      for (let i = times.length - 1; i >= 0 && rows.length < TABLE_ROWS; i -= TABLE_SECONDS) {
        rows.push(row(clock(times[i]), {num: chart.format(foundry[i])}, {num: chart.format(legacy[i])}));
      }
      setRows(body, rows, 3, 'No figures yet.');
    }
  }

  #options({chart, canvas}) {
    const text = colour('--muted');
    const grid = {stroke: colour('--grid'), width: 1};
    const font = '12px system-ui, sans-serif';
    return {
      width: Math.max(200, canvas.clientWidth),
      height: HEIGHT,
      legend: {show: false},
      cursor: {x: false, y: false, points: {show: false}, drag: {x: true, y: false, setScale: false}},
      select: {show: true},
      scales: {x: {time: true}, y: {range: (plot, low, high) => this.#range(chart, low, high)}},
      axes: [
        {stroke: text, grid, ticks: grid, font, space: 70, values: (plot, ticks) => ticks.map((tick) => timeText(plot, tick))},
        {stroke: text, grid, ticks: grid, font, size: 76, values: (plot, ticks, axis, space, step) => ticks.map((tick) => axisText(chart.name, tick, step))},
      ],
      series: [
        {},
        {label: 'Foundry', stroke: colour('--foundry'), width: 2, dash: [6, 4], points: {show: false}},
        {label: 'legacy', stroke: colour('--legacy'), width: 2, points: {show: false}},
      ],
      hooks: {setSelect: [(plot) => this.#part(plot)], draw: [(plot) => this.#limitLine(plot, chart), (plot) => this.#marks(plot)]},
    };
  }

  /** What was drawn over is looked at closer; a click draws over nothing. */
  #part(plot) {
    const {left, width} = plot.select;
    if (width >= LEAST_DRAWN) {
      plot.setSelect({left: 0, top: 0, width: 0, height: 0}, false);
      this.onPart(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
    }
  }

  /** The limit is in the frame when the figures come near it; far ones would flatten the lines. */
  #range(chart, low, high) {
    const limit = this.#limit(chart);
    if (chart.ceiling) {
      const least = Math.min(low ?? 1, limit ?? 1);
      return [Math.max(0, least - 0.02), 1.005];
    }
    const top = high ?? 0;
    const near = limit !== null && top > limit / 6;
    return [0, Math.max(near ? limit : 0, top) * 1.1 || 1];
  }

  #limitLine(plot, chart) {
    const limit = this.#limit(chart);
    if (limit === null || limit > plot.scales.y.max || limit < plot.scales.y.min) {
      return;
    }
    const {left, width} = plot.bbox;
    const y = Math.round(plot.valToPos(limit, 'y', true));
    stroke(plot.ctx, colour('--bad'), [2, 3], [left, y], [left + width, y]);
  }

  #marks(plot) {
    const {left, width, top, height} = plot.bbox;
    let free = Infinity; // labels from the newest to the left, each where the last one leaves room
    for (const transition of this.model.transitions.slice().reverse()) {
      const x = Math.round(plot.valToPos(Date.parse(transition.at) / 1000, 'x', true));
      if (x < left || x > left + width) {
        continue;
      }
      stroke(plot.ctx, colour('--mark'), [], [x, top], [x, top + height]);
      free = label(plot.ctx, `${transition.percentage} %`, x, top, Math.min(free, left + width));
    }
  }

  #resize() {
    for (const {plot, canvas} of this.frames) {
      const width = canvas.clientWidth;
      if (width > 0 && width !== plot.width) {
        plot.setSize({width, height: HEIGHT});
      }
    }
  }
}

/** Over more than a few hours seconds tell nothing, and over days the day does. */
function timeText(plot, tick) {
  const {min, max} = plot.scales.x;
  if (max - min > 36 * 3600) {
    return clockAndDay(tick).slice(0, -3);
  }
  return max - min > 2 * 3600 ? clock(tick).slice(0, -3) : clock(tick);
}

/** The text of a tick, exact: ticks a step apart never have the same. */
export function axisText(name, tick, step) {
  if (name === 'success') {
    return percent(tick, decimals(100 * step));
  }
  if (name === 'p95' || name === 'firstContent') {
    return tick < 1000 ? `${rounded(tick, step)} ms` : `${rounded(tick / 1000, step / 1000)} s`;
  }
  return name === 'cost' ? `$${rounded(tick, step)}` : rounded(tick, step);
}

function rounded(value, step) {
  return String(+value.toFixed(decimals(step)));
}

/** Those that a step has, as far as a figure tells it. */
function decimals(step) {
  let count = 0;
  while (count < 8 && Math.abs(step * 10 ** count - Math.round(step * 10 ** count)) > 1e-6) {
    count++;
  }
  return count;
}

function stroke(ctx, style, dash, from, to) {
  ctx.save();
  ctx.strokeStyle = style;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
  ctx.restore();
}

/** Writes beside a mark, where there is room. @returns {number} where the next label to the left must end */
function label(ctx, text, x, top, right) {
  ctx.save();
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.fillStyle = colour('--mark');
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  const gap = 4 * devicePixelRatio;
  const width = ctx.measureText(text).width + gap;
  let free = right;
  if (x + width < right) {
    ctx.fillText(text, x + gap, top + 2);
    free = x;
  } else if (x <= right) {
    ctx.fillText(text, x - width, top + 2);
    free = x - width;
  }
  ctx.restore();
  return free;
}
