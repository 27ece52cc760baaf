/** Numbers, times and names as people read them. What is not known is an en dash, never 0. */

export const DASH = '–';
const MINUS = '−';
const formats = new Map();

function format(least, most) {
  const key = `${least}/${most}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: most }));
  }
  return formats.get(key);
}

const isNumber = value => typeof value === 'number' && Number.isFinite(value);

/** A number with a fixed count of decimals. */
export const number = (value, decimals = 0) => isNumber(value) ? format(decimals, decimals).format(value).replace('-', MINUS) : DASH;

/** A quantity: as many decimals as it has, at most eight. */
export const quantity = value => isNumber(value) ? format(0, 8).format(value).replace('-', MINUS) : DASH;

/** Decimals that a symbol's prices are shown with, by its tick size. */
export function decimalsOf(tickSize) {
  if (!isNumber(tickSize) || tickSize <= 0) {
    return null;
  }
  let decimals = 0;
  while (decimals < 8 && Math.abs(tickSize * 10 ** decimals - Math.round(tickSize * 10 ** decimals)) > 1e-9) {
    decimals++;
  }
  return decimals;
}

/** A price; without a tick size its decimals follow its magnitude. */
export function price(value, decimals = null) {
  if (!isNumber(value)) {
    return DASH;
  }
  const size = Math.abs(value);
  return number(value, decimals ?? (size >= 1000 ? 2 : size >= 10 ? 3 : 5));
}

/** Money without a sign of its own for what is gained. */
export const money = value => number(value, 2);

/** Money gained or lost: sign and arrow, so that colour is never alone. */
export function change(value, decimals = 2) {
  if (!isNumber(value)) {
    return DASH;
  }
  const shown = number(Math.abs(value), decimals);
  return Number(shown.replaceAll(',', '')) === 0 ? shown : value > 0 ? `▲ +${shown}` : `▼ ${MINUS}${shown}`;
}

/** Class of what is gained or lost; none where it is shown as zero. */
export const tone = value => !isNumber(value) || Math.abs(value) < 0.005 ? '' : value > 0 ? 'up' : 'down';

/** A share, 0 to 1, in percent. */
export const percent = (value, decimals = 1) => isNumber(value) ? `${number(value * 100, decimals)} %` : DASH;

/** A time span in milliseconds. */
export function span(milliseconds) {
  if (!isNumber(milliseconds)) {
    return DASH;
  }
  if (milliseconds < 1000) {
    return `${number(milliseconds)} ms`;
  }
  const seconds = milliseconds / 1000;
  if (seconds < 60) {
    return `${number(seconds, seconds < 10 ? 1 : 0)} s`;
  }
  const whole = Math.floor(seconds);
  const two = part => String(part).padStart(2, '0');
  if (whole < 3600) {
    return `${Math.floor(whole / 60)} m ${two(whole % 60)} s`;
  }
  return whole < 86400
    ? `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} m`
    : `${Math.floor(whole / 86400)} d ${two(Math.floor(whole / 3600) % 24)} h`;
}

/** A time span in microseconds. */
export function micros(value) {
  if (!isNumber(value)) {
    return DASH;
  }
  return value < 1000 ? `${number(value)} µs`
    : value < 1_000_000 ? `${number(value / 1000, value < 10_000 ? 2 : 1)} ms`
      : `${number(value / 1_000_000, 2)} s`;
}

const two = part => String(part).padStart(2, '0');

/** Time of day where the reader is. */
export function clock(iso, { milliseconds = false } = {}) {
  const at = iso ? new Date(iso) : null;
  if (!at || Number.isNaN(at.getTime())) {
    return DASH;
  }
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return milliseconds ? `${time}.${String(at.getMilliseconds()).padStart(3, '0')}` : time;
}

/** Time of day today, with the date before it on another day. */
export function when(iso) {
  const at = iso ? new Date(iso) : null;
  if (!at || Number.isNaN(at.getTime())) {
    return DASH;
  }
  return at.toDateString() === new Date().toDateString()
    ? clock(iso)
    : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(iso)}`;
}

/** The same instant in UTC, for a title. */
export const utc = iso => iso ? `${new Date(iso).toISOString().replace('T', ' ').replace('Z', '')} UTC` : null;

/** A name of the API as words: partially_filled, partially filled. */
export const words = name => name ? String(name).replaceAll('_', ' ') : DASH;

/** Text, or the dash. */
export const text = value => value === null || value === undefined || value === '' ? DASH : String(value);
