/** Charts, drawn by ECharts on canvas in the colours of the page. */
import { clock, DASH, number, price, utc } from './format.js';

/* global echarts */

// A triangle that points down, also in the legend.
const DOWN = 'path://M0,0L10,0L5,9Z';

const LEAST_SLOTS = 40;

// A flat line of equity lies in the middle, with at least this share of it above and below.
const LEAST_RANGE = 0.0005;

const EASE = { animation: false, tooltip: { trigger: 'axis', renderMode: 'richText', confine: true } };

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = name => style.getPropertyValue(`--${name}`).trim();
  return { text: of('text'), muted: of('muted'), line: of('line'), panel: of('panel'), accent: of('accent'), up: of('up'), down: of('down'), warn: of('warn') };
}

/** A chart in an element; follows its size. */
export class Chart {
  #chart = null;
  #element;

  constructor(element) {
    this.#element = element;
    new ResizeObserver(() => this.#chart?.resize()).observe(element);
  }

  /** Draws; the label says the same to who does not see it. */
  draw(option, label) {
    this.#element.setAttribute('aria-label', label);
    if (this.#element.clientWidth === 0) {
      return;
    }
    this.#chart ??= echarts.init(this.#element, null, { renderer: 'canvas' });
    this.#chart.setOption(option, { notMerge: true, lazyUpdate: true });
  }
}

const axes = c => ({
  axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false },
  axisLabel: { color: c.muted, fontSize: 11, hideOverlap: true }, splitLine: { lineStyle: { color: c.line, opacity: 0.6 } },
  axisPointer: { lineStyle: { color: c.muted }, label: { show: false } },
});

const tooltip = c => ({ ...EASE.tooltip, backgroundColor: c.panel, borderColor: c.line, textStyle: { color: c.text, fontSize: 12 } });

/**
 * Candles with marks.
 * @param {object[]} candles oldest first
 * @param {object[]} marks `{ index, price, isBuy, isEntry, text }`
 * @param {number|null} decimals of prices
 */
export function candleOption(candles, marks, decimals) {
  const c = colours();
  const mark = (name, symbol, color, isShown) => ({
    name, type: 'scatter', symbol, symbolSize: 11, z: 5, itemStyle: { color, borderColor: c.panel, borderWidth: 1 },
    data: marks.filter(isShown).map(found => ({ value: [found.index, found.price], text: found.text })),
  });
  return {
    ...EASE,
    grid: { left: 8, right: 64, top: 30, bottom: 22 },
    legend: { top: 0, right: 0, icon: null, itemWidth: 10, itemHeight: 10, textStyle: { color: c.muted, fontSize: 11 }, selectedMode: false,
      data: ['Entry, buy', 'Entry, sell', 'Exit'] },
    tooltip: { ...tooltip(c), formatter: parts => describe(parts, candles, decimals) },
    xAxis: { type: 'category', data: padded(candles), ...axes(c), splitLine: { show: false } },
    yAxis: { type: 'value', scale: true, position: 'right', ...axes(c), axisLabel: { ...axes(c).axisLabel, formatter: value => price(value, decimals) } },
    series: [
      {
        name: 'Price', type: 'candlestick', data: candles.map(candle => [candle.open, candle.close, candle.low, candle.high]), barMaxWidth: 12,
        itemStyle: { color: c.up, borderColor: c.up, color0: c.down, borderColor0: c.down },
        markLine: candles.length === 0 ? undefined : {
          symbol: 'none', silent: true, precision: 10, lineStyle: { color: c.accent, type: 'dashed' },
          label: { color: c.panel, backgroundColor: c.accent, padding: [2, 4], borderRadius: 2, fontSize: 11, formatter: price(candles.at(-1).close, decimals) },
          data: [{ yAxis: candles.at(-1).close }],
        },
      },
      mark('Entry, buy', 'triangle', c.accent, found => found.isEntry && found.isBuy),
      mark('Entry, sell', DOWN, c.accent, found => found.isEntry && !found.isBuy),
      mark('Exit', 'diamond', c.warn, found => !found.isEntry),
    ],
  };
}

/** Times of the candles, and blank ones behind them while there are few, so that a candle keeps its width. */
function padded(candles) {
  const times = candles.map(candle => clock(candle.at));
  return [...times, ...Array(Math.max(0, LEAST_SLOTS - times.length)).fill('')];
}

function describe(parts, candles, decimals) {
  const index = parts[0]?.dataIndex ?? 0;
  const at = parts.find(part => part.seriesType === 'candlestick')?.dataIndex ?? parts[0]?.value?.[0] ?? index;
  const candle = candles[at];
  const lines = candle
    ? [`${clock(candle.at)}   ${utc(candle.at).slice(11, 19)} UTC`,
      `open ${price(candle.open, decimals)}  high ${price(candle.high, decimals)}`, `low ${price(candle.low, decimals)}  close ${price(candle.close, decimals)}`]
    : [];
  return [...lines, ...parts.filter(part => part.data?.text).map(part => part.data.text)].join('\n');
}

/** Equity above, drawdown below. */
export function equityOption(points, currency) {
  const c = colours();
  const times = points.map(point => Date.parse(point.at));
  const margin = range => Math.max((range.max - range.min) * 0.1, range.max * LEAST_RANGE);
  return {
    ...EASE,
    grid: [{ left: 8, right: 72, top: 10, height: '56%' }, { left: 8, right: 72, bottom: 22, height: '22%' }],
    tooltip: {
      ...tooltip(c),
      formatter: ([part]) => {
        const point = points[part.dataIndex];
        return [`${clock(point.at)}   ${utc(point.at).slice(11, 19)} UTC`, `equity ${number(point.equity, 2)} ${currency}`,
          `drawdown ${point.drawdown === null ? DASH : `${number(point.drawdown * 100, 3)} %`}`].join('\n');
      },
    },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    xAxis: [
      { type: 'time', gridIndex: 0, ...axes(c), axisLabel: { show: false }, splitLine: { show: false } },
      { type: 'time', gridIndex: 1, ...axes(c), axisLabel: { ...axes(c).axisLabel, formatter: value => clock(new Date(value).toISOString()) }, splitLine: { show: false }, splitNumber: 3 },
    ],
    yAxis: [
      { type: 'value', position: 'right', gridIndex: 0, ...axes(c), splitNumber: 4, min: range => range.min - margin(range), max: range => range.max + margin(range), axisLabel: { ...axes(c).axisLabel, showMinLabel: false, showMaxLabel: false, formatter: value => number(value, 2) } },
      { type: 'value', position: 'right', gridIndex: 1, inverse: true, ...axes(c), splitNumber: 2, min: 0,
        axisLabel: { ...axes(c).axisLabel, formatter: value => `${number(value * 100, 2)} %` } },
    ],
    series: [
      { name: 'Equity', type: 'line', xAxisIndex: 0, yAxisIndex: 0, showSymbol: false, data: points.map((point, index) => [times[index], point.equity]), lineStyle: { color: c.accent, width: 1.5 }, itemStyle: { color: c.accent } },
      { name: 'Drawdown', type: 'line', xAxisIndex: 1, yAxisIndex: 1, showSymbol: false, data: points.map((point, index) => [times[index], point.drawdown]), lineStyle: { color: c.down, width: 1 }, areaStyle: { color: c.down, opacity: 0.2 }, itemStyle: { color: c.down } },
    ],
  };
}
