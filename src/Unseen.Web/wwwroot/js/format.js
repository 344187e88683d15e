const number = digits => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const [whole, one, two] = [number(0), number(1), number(2)];

/** 0.634 -> "63 %", 0.0034 -> "0.3 %", 0.0001 -> "< 0.1 %". */
export function percent(share) {
  if (!Number.isFinite(share)) return '–';
  if (share > 0 && share < 0.001) return '< 0.1 %';
  if (share < 0.1 && share > 0) return `${one.format(100 * share)} %`;
  return share < 1 && share > 0.995 ? '> 99 %' : `${whole.format(100 * share)} %`;
}

/** What a class has of an attribute: 0..1, except in datasets of scale raw. */
export const classValue = value => value >= 0 && value <= 1 ? percent(value) : decimal(value);

export const decimal = value => Number.isFinite(value) ? two.format(value).replace(/^-0\.00$/, '0.00').replace('-', '−') : '–';

/** 0.5 -> "+0.50"; what is 0 after rounding has no sign. */
export function signed(value) {
  if (!Number.isFinite(value)) return '–';
  const digits = two.format(Math.abs(value));
  return digits === '0.00' ? digits : (value < 0 ? '−' : '+') + digits;
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

/** 001.Black_footed_Albatross -> Black footed Albatross; only for reading: requests carry the name itself. */
export const className = name => name.replace(/^\d+\./, '').replaceAll('_', ' ').trim() || name;
