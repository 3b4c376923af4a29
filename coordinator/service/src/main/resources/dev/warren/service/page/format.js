// Numbers, durations and times as people read them. Stateless.

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hour12: false });

/** 1,234,567. */
export const count = (n) => (n == null ? '–' : whole.format(n));

/** "1 call", "2,000 calls". */
export const plural = (n, one, many = one + 's') => `${count(n)} ${n === 1 ? one : many}`;

/** A rate: with a decimal place below 10. */
export const rate = (n) => (n == null ? '–' : n < 10 ? tenths.format(n) : whole.format(n));

export function percent(part, all) {
  if (!all) return '0 %';
  const share = (100 * part) / all;
  if (share > 0 && share < 0.1) return '< 0.1 %';
  if (share > 99.9 && share < 100) return '> 99.9 %';
  return `${share < 10 ? tenths.format(share) : whole.format(Math.floor(share))} %`;
}

export function bytes(n) {
  if (n == null) return '–';
  if (n < 1024) return `${whole.format(n)} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let i = -1;
  do { n /= 1024; i++; } while (n >= 1000 && i < units.length - 1);
  return `${n < 10 ? tenths.format(n) : whole.format(n)} ${units[i]}`;
}

/** "0.4 s", "12 s", "4 min 10 s", "2 h 5 min", "3 d 4 h". */
export function seconds(s) {
  if (s == null) return '–';
  if (s < 10) return `${s.toFixed(1)} s`;
  s = Math.round(s);
  if (s < 60) return `${s} s`;
  if (s < 3600) return two(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86400) return two(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min');
  return two(Math.floor(s / 86400), 'd', Math.floor((s % 86400) / 3600), 'h');
}

const two = (a, unit, b, smaller) => (b ? `${a} ${unit} ${b} ${smaller}` : `${a} ${unit}`);

/** Like seconds, but exact below one second: "21 µs", "340 ms". */
export function millis(ms) {
  if (ms == null) return '–';
  if (ms < 1) return `${whole.format(ms * 1000)} µs`;
  if (ms < 1000) return `${ms < 10 ? tenths.format(ms) : whole.format(ms)} ms`;
  return seconds(ms / 1000);
}

/** An estimate as a range: "40 to 60 s more", "24 s to 4.4 min more". */
export function range(estimate) {
  const { low, high } = estimate;
  const [unit, size] = high < 100 ? ['s', 1] : high < 6000 ? ['min', 60] : high < 172800 ? ['h', 3600] : ['d', 86400];
  const show = (s) => (s / size < 10 && size > 1 ? tenths.format(s / size) : whole.format(s / size));
  if (low < size) return `${low < 60 ? `${whole.format(Math.max(1, low))} s` : seconds(low)} to ${show(high)} ${unit} more`;
  const a = show(low);
  const b = show(high);
  return a === b ? `about ${b} ${unit} more` : `${a} to ${b} ${unit} more`;
}

/** A time of today as 14:03:22, an older one with its day. Takes milliseconds or an ISO text. */
export function clock(at) {
  if (at == null) return '–';
  const date = new Date(at);
  return Math.abs(Date.now() - date) < 20 * 3600e3 ? time.format(date) : day.format(date);
}

/** With all that is known, for titles. */
export const exact = (at) => (at == null ? '' : new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC'));

/** The last part of a function's address: "Stats::score". */
export const shortFunction = (name) => (name || '').replace(/\(.*$/, '').replace(/^.*[.$]([^.:$]+::)/, '$1');
