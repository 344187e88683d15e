// Two classes side by side, the attributes that tell them apart first.
import { classOf } from './api.js';
import { el, fillSelect, named, setShare } from './dom.js';
import { classDifference, className, classValue, decimal, listed, range } from './format.js';
import { isOutdated, showProblem } from './problems.js';
import { announce, session } from './session.js';
import { table } from './tables.js';
import { openTab } from './tabs.js';

const few = 15;
let asking = new AbortController();
let all = false;

const first = el('select', { id: 'compare-first', onchange: () => ask() });
const second = el('select', { id: 'compare-second', onchange: () => ask() });
const swap = el('button', { type: 'button', class: 'quiet', 'aria-label': 'Swap the two classes', onclick: () => { [first.value, second.value] = [second.value, first.value]; ask(); } }, '⇄');
const problem = el('div');
const body = el('div', { class: 'comparison' });

export function startCompare(panel) {
  panel.append(el('div', { class: 'row compare-choice' }, el('label', { for: 'compare-first' }, 'Class', first), swap, el('label', { for: 'compare-second' }, 'with', second)), problem, body);
  session.on('classes', fill);
  session.on('tab', name => { if (name === 'compare') ask(); });
  session.on('compare', name => {
    if (second.value === name) second.value = first.value;
    first.value = name;
    openTab('compare');
    first.focus();
  });
}

function fill() {
  const options = session.classes.map(c => ({ value: c.name, text: `${className(c.name)}${c.unseen ? ' (unseen)' : ''}` }));
  fillSelect(first, options);
  fillSelect(second, options, second.value || options[1]?.value);
  if (session.tab === 'compare') ask();
}

async function ask() {
  asking.abort();
  asking = new AbortController();
  if (session.classes.length < 2) return;
  try {
    draw(...await Promise.all([classOf(first.value, asking.signal), classOf(second.value, asking.signal)]));
    showProblem(problem, null);
  } catch (error) {
    if (isOutdated(error)) return;
    body.replaceChildren();
    showProblem(problem, error, ask);
  }
}

function draw(a, b) {
  const rows = session.model.attributes.map((attribute, i) => ({ attribute, a: a.values[i], b: b.values[i], difference: a.values[i] - b.values[i] }))
    .sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference));
  const apart = rows.filter(r => Math.abs(r.difference) >= 0.005).length;
  const shown = all ? rows : rows.slice(0, few);
  const lead = apart === 0 ? 'These two have the same attributes: no picture can tell them apart.' : `They differ in ${apart} of ${rows.length} attributes.`;
  announce(lead);
  body.replaceChildren(
    el('p', { class: 'lead' }, lead, similar(a), similar(b)),
    table({ region: 'Attributes of both classes', attributes: { class: 'compare' }, caption: 'Attributes, the largest difference first', main: 3 },
      ['attribute', named(a.name), named(b.name), 'difference'], shown.map(row)),
    rows.length > few ? el('button', { type: 'button', class: 'quiet', onclick: () => { all = !all; draw(a, b); body.querySelector('button').focus(); } },
      all ? 'Show fewer' : `Show all ${rows.length}`) : '');
}

const similar = c => c.similar.length === 0 ? null
  : el('span', { class: 'muted small block' }, `Most like ${className(c.name)}: ${listed(c.similar.slice(0, 3).map(s => `${className(s.class)} (${decimal(s.cosine)})`))}.`);

function share(attribute, value, other) {
  const [least, largest] = range(attribute, value, other);
  return el('span', { class: 'share' }, setShare(el('span', { class: `mini ${value >= other ? 'more' : ''}` }), (value - least) / (largest - least)), el('span', {}, classValue(value)));
}

const row = ({ attribute, a, b, difference }) => [attribute.phrase, share(attribute, a, b), share(attribute, b, a), classDifference(difference)];
