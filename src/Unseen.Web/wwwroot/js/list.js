// The list of pictures. A single one is not listed: it has a button to remove it beside the others.
import { byId, el } from './dom.js';
import { className, percent } from './format.js';
import { session } from './session.js';

const items = new WeakMap();             // the element of a picture, which it keeps: one that is made anew would lose the focus
let listeners = null;

/** `choose` and `remove` are called with a picture. */
export function startList({ choose, remove }) {
  listeners = { choose, remove };
}

export function drawList() {
  byId('remove').hidden = session.pictures.length !== 1;
  byId('list-box').hidden = session.pictures.length < 2;
  byId('list-title').textContent = `${session.pictures.length} pictures`;
  const shown = session.pictures.map(picture => fill(items.get(picture) ?? newItem(picture), picture));
  for (const li of [...byId('list').children]) if (!shown.includes(li)) li.remove();
  byId('list').append(...shown.filter(li => !li.isConnected));      // pictures are only added at the end
}

export const focusItem = picture => items.get(picture).querySelector('button').focus();

function newItem(picture) {
  const li = el('li', {},
    el('button', { type: 'button', class: 'list-choose', onclick: () => listeners.choose(picture) },
      el('span', { class: 'list-blank' }),
      el('span', { class: 'list-words' }, el('span', { class: 'list-name' }, picture.name), el('span', { class: 'muted small' }))),
    el('button', { type: 'button', class: 'quiet small', 'aria-label': `Remove ${picture.name}`, onclick: () => listeners.remove(picture) }, '×'));
  items.set(picture, li);
  return li;
}

function fill(li, picture) {
  const [choose] = li.children;
  const [image, words] = choose.children;
  choose.ariaCurrent = picture === session.current ? 'true' : null;
  if (picture.thumbnail && image.tagName !== 'IMG') image.replaceWith(el('img', { src: picture.thumbnail, alt: '' }));
  words.lastChild.textContent = inShort(picture);
  return li;
}

function inShort({ top, error }) {
  if (error) return 'cannot be answered';
  if (!top) return 'waiting';
  return top.length > 0 ? `${className(top[0].class)}, ${percent(top[0].probability)}` : 'no answer';
}
