// The ranking of the picture that is looked at, with an invented class in it while there is one.
import { byId, el, named, setShare } from './dom.js';
import { className, ordinal, percent } from './format.js';
import { asked, askAgain, retryCurrent } from './pictures.js';
import { showProblem } from './problems.js';
import { announce, session } from './session.js';
import { openTab } from './tabs.js';

const few = 5;
const none = 'No class of this model is among these.';
let shown = few;
let lastSaid = '';

export function startAnswers() {
  byId('candidates').addEventListener('change', event => {
    session.candidates = event.target.value;
    askAgain();
  });
  byId('more').addEventListener('click', () => {
    shown = shown === few ? asked : few;
    draw();
  });
  session.on('answers invented tab classes', draw);
}

/** While a class is being invented, its ranking stands for the model's. */
const ranking = () => (session.tab === 'invent' && session.invented?.top?.length > 0 ? session.invented.top : session.current?.top) ?? [];

function draw() {
  const picture = session.current;
  const rows = picture && !picture.error ? ranking() : [];
  showProblem(byId('answers-problem'), picture?.error ?? null, retryCurrent);
  const waiting = picture?.top === null && !picture.error;
  byId('answers-empty').hidden = rows.length > 0 || Boolean(picture?.error);
  byId('answers-empty').textContent = waiting ? 'Looking …' : picture ? none : 'The answers come here, each with its probability.';
  byId('ranking').setAttribute('aria-busy', waiting);
  byId('answers-foot').hidden = rows.length === 0;
  byId('more').hidden = rows.length <= few;
  byId('more').textContent = shown === few ? `Show ${rows.length}` : 'Show fewer';
  place(visible(rows));
  if (session.tab !== 'invent' && picture?.top) say(rows);
}

/** The first rows, and the invented class even where it is far behind. */
function visible(rows) {
  const ranked = rows.map((row, i) => ({ rank: i + 1, ...row }));
  const first = ranked.slice(0, shown);
  const invented = ranked.find(r => r.invented);
  return invented && !first.includes(invented) ? [...first, invented] : first;
}

function say(rows) {
  const words = rows.length === 0 ? none : rows.slice(0, 3).map(r => `${className(r.class)}, ${percent(r.probability)}${r.unseen ? ', unseen' : ''}`).join('; ');
  if (words !== lastSaid) announce(`Answers: ${words}`);
  lastSaid = words;
}

/** Rows keep their elements, so that bars grow and rows glide to their new place. */
function place(rows) {
  const list = byId('ranking');
  const before = new Map([...list.children].map(li => [li.dataset.key, { li, y: li.getBoundingClientRect().top }]));
  const keys = rows.map(r => r.invented ? 'invented' : `class ${r.class}`);
  const items = rows.map((row, i) => fill(before.get(keys[i])?.li ?? newRow(keys[i]), row));
  const focused = document.activeElement;
  list.replaceChildren(...items);
  if (list.contains(focused)) focused.focus();
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  for (const [i, li] of items.entries()) {
    const moved = (before.get(keys[i])?.y ?? NaN) - li.getBoundingClientRect().top;
    if (moved) li.animate([{ transform: `translateY(${moved}px)` }, { transform: 'none' }], { duration: 220, easing: 'ease-out' });
  }
}

function newRow(key) {
  const li = el('li', { class: 'answer' },
    el('span', { class: 'answer-name' }),
    el('span', { class: 'answer-value' }),
    el('span', { class: 'bar' }, el('span', { class: 'bar-fill' })),
    el('span', { class: 'answer-foot' }));
  li.dataset.key = key;
  return li;
}

function fill(li, row) {
  const [name, value, bar, foot] = li.children;
  name.replaceChildren(named(row.class), ' ', row.invented ? el('span', { class: 'badge yours' }, 'yours')
    : row.unseen ? el('span', { class: 'badge unseen' }, 'unseen') : el('span', { class: 'badge seen' }, 'seen'));
  value.textContent = percent(row.probability);
  setShare(bar, row.probability);
  li.value = row.rank;
  li.classList.toggle('first', row.rank === 1);
  li.classList.toggle('invented', Boolean(row.invented));
  if (row.invented) foot.textContent = row.rank > few ? `in ${ordinal(row.rank)} place` : '';
  else if (row.rank === 1 || session.tab === 'invent') foot.replaceChildren();
  else if (foot.childElementCount === 0) foot.replaceChildren(whyNotButton(row, 'Why not?'));
  return li;
}

const whyNotButton = (row, words) => el('button', {
  type: 'button', class: 'link small', 'aria-label': `Why not ${className(row.class)}?`,
  onclick: () => {
    openTab('why');
    session.emit('why-not', row.class);
  },
}, words);
