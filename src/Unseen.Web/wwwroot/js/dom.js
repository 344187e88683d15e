// Elements are made here and nowhere from text: names of classes come from people, so they only ever become text nodes.
import { className } from './format.js';

/** An element with attributes (`class`, `aria-label`, ...), listeners (`onclick`) and children (text or elements; null is left out). */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
}

/** The name of a class, apart from the direction of writing around it. */
export const named = name => el('bdi', {}, className(name));

export const byId = id => document.getElementById(id);

/** Fills a select with texts, keeping what was chosen when it is still there. */
export function fillSelect(select, options, chosen = select.value) {
  select.replaceChildren(...options.map(o => typeof o === 'string' ? el('option', { value: o }, o) : el('option', { value: o.value }, o.text)));
  const values = [...select.options].map(o => o.value);
  select.value = values.includes(chosen) ? chosen : values[0] ?? '';
}

/** Shares for bars: 0..1 as the custom property that the style sheet reads. */
export function setShare(element, share) {
  element.style.setProperty('--share', Math.max(0, Math.min(1, Number.isFinite(share) ? share : 0)).toFixed(4));
  return element;
}

/** Calls a function once things have been quiet for a while. */
export function debounce(action, milliseconds) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), milliseconds);
  };
}
