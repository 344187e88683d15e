const mostDigits = 8;
const formats = Array.from({ length: mostDigits + 1 }, (_, digits) => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }));
const [whole, one] = formats;

/** 0.634 -> "63 %", 0.0034 -> "0.3 %", 0.0001 -> "< 0.1 %". */
export function percent(share) {
  if (!Number.isFinite(share)) return '–';
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 0.1 && share > 0) return `${one.format(100 * share)} %`;
  return share < 1 && share > 0.995 ? '> 99 %' : `${whole.format(100 * share)} %`;
}

let isRaw = false;
let numbered = new Set();

/** Values and names are written as a model has them: its scale, and the names of its classes. */
export function writeFor({ scale }, classes) {
  const own = classes.filter(c => !c.added).map(c => c.name);
  isRaw = scale === 'raw';
  numbered = new Set(own.every(name => /^\d+\.\D/.test(name)) ? own : []);
}

/** What a class has of an attribute: 0..1, except in datasets of scale raw. */
export const classValue = value => isRaw ? decimal(value) : percent(value);

/** What one class has more of an attribute than another: percentage points without decimals, or the difference of raw values. */
export const classDifference = value => isRaw ? signed(value) : signed(Math.round(100 * value), 0);

/** From where to where values of an attribute go: 0..1, or in datasets of scale raw what its classes have, and the values at hand. */
export function range({ least = 0, largest = 1 }, ...values) {
  if (!isRaw) return [0, 1];
  const known = [least, largest, ...values.filter(Number.isFinite)];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return [low, high > low ? high : low + 1];
}

/** -0.5 -> "−0.50"; what is 0 after rounding has no sign. */
export const decimal = (value, digits = 2) => signed(value, digits).replace('+', '');

/** 0.5 -> "+0.50". */
export function signed(value, digits = 2) {
  if (!Number.isFinite(value)) return '–';
  const size = formats[digits].format(Math.abs(value));
  return (/[1-9]/.test(size) ? value < 0 ? '−' : '+' : '') + size;
}

/** As many decimals as give the largest of the values three significant digits, and at least two: small scores differ far behind the point. */
export function decimals(values) {
  const largest = Math.max(0, ...values.map(Math.abs));
  return largest > 0 ? Math.min(mostDigits, Math.max(2, 2 - Math.floor(Math.log10(largest)))) : 2;
}

export function bytes(count) {
  if (count < 1024) return `${count} bytes`;
  return count < 1024 * 1024 ? `${whole.format(count / 1024)} kB` : `${one.format(count / 1024 / 1024)} MB`;
}

/** 1 -> "1st". */
export function ordinal(rank) {
  const suffix = { one: 'st', two: 'nd', few: 'rd', other: 'th' }[new Intl.PluralRules('en', { type: 'ordinal' }).select(rank)];
  return `${rank}${suffix}`;
}

/** "a, b and c". */
export const listed = words => new Intl.ListFormat('en').format(words);

/**
 * 001.Black_footed_Albatross -> Black footed Albatross where all classes of the dataset have a number; only for reading: requests carry the name itself. Characters
 * that turn the direction of writing are left out: they would turn what stands beside the name too.
 */
export const className = name => (numbered.has(name) ? name.replace(/^\d+\./, '') : name).replace(/[\u202a-\u202e\u2066-\u2069]/g, '').replaceAll('_', ' ').trim() || name;
