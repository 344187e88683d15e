// A class that nobody photographed: described by sliders, by a class it resembles or by a sentence, and ranked at once.
import { addClass, Problem, setClass, tryClass } from './api.js';
import { debounce, el, fillSelect, setShare } from './dom.js';
import { className, decimal, listed, ordinal, percent } from './format.js';
import { asked } from './pictures.js';
import { isOutdated, showProblem } from './problems.js';
import { announce, session } from './session.js';
import { AttributeSliders } from './sliders.js';
import { openTab } from './tabs.js';
import { rankTrial } from './trial.js';

const quiet = 120;                       // milliseconds without a move before the server is asked
const most = 10000;                      // of the answers that the server gives at once
const bases = [{ value: 'nearest', text: 'the class most like it' }, { value: 'mean', text: 'the average of all classes' }];

let sliders = null;
let asking = new AbortController();
let edited = null;                       // name of the class that is being changed, or null for a new one
let said = '';

const name = el('input', { id: 'invent-name', autocomplete: 'off', maxlength: 200, placeholder: 'for example: Azure Finch', oninput: () => { drawPlace(); changed(); } });
const base = el('select', { id: 'invent-base', 'aria-describedby': 'invent-base-note', onchange: () => changed() });
const sentence = el('input', { id: 'invent-sentence', autocomplete: 'off', maxlength: 1000, 'aria-describedby': 'invent-understood', placeholder: 'for example: a blue bird with a cone shaped bill', oninput: () => changed() });
const understood = el('p', { id: 'invent-understood', class: 'muted small' });
const place = el('div', { class: 'place' });   // stays in sight above the sliders, which must not come to lie behind it
const problem = el('div');
const filledNote = el('p', { id: 'invent-base-note', class: 'muted small' });
const similarNote = el('div');
const slidersBox = el('div');
const save = el('button', { type: 'submit', class: 'primary' }, 'Save class');
const cancel = el('button', { type: 'button', class: 'quiet', onclick: () => { startOver(); announce('Started over'); } }, 'Start over');
const saved = el('div', { role: 'status' });
const title = el('h3', { tabindex: '-1' }, 'Describe a class that nobody photographed');
const fields = el('div', { class: 'fields' },
  el('label', { for: 'invent-name' }, 'Name', name),
  el('div', {}, el('label', { for: 'invent-base' }, 'What you do not set comes from', base), filledNote),
  el('div', { class: 'wide' }, el('label', { for: 'invent-sentence' }, 'In words (optional)', sentence), understood));
const form = el('form', { class: 'invent', novalidate: true, hidden: true, onsubmit: event => { event.preventDefault(); store(); } },
  title, fields, place, problem, similarNote, slidersBox,
  el('div', { class: 'row save-row' }, save, cancel, saved));
const fixed = 'The classes of this model cannot be changed: its scores do not come from attributes of classes. Train with cvsc, msdnpp or eszsl on attributes to have classes that come and go.';
const instead = el('p', { class: 'empty' }, 'This comes as soon as the model is known.');

export function startInvent(panel) {
  panel.append(form, instead);
  new ResizeObserver(() => form.style.setProperty('--place', `${place.offsetHeight}px`)).observe(place);
  session.on('model', rebuild);
  session.on('classes', drawBases);
  session.on('answers tab', () => { if (session.tab === 'invent' && !form.hidden && !isEmpty()) ask(); });     // or what Save said would go
  session.on('edit', edit);
}

function rebuild() {
  const { editable, fixedBecause, attributes } = session.model;
  form.hidden = !editable || attributes.length === 0;
  instead.hidden = !form.hidden;
  instead.textContent = fixedBecause ?? fixed;
  sliders = new AttributeSliders(attributes, () => changed());
  slidersBox.replaceChildren(sliders.element);
  startOver();
}

function drawBases() {
  fillSelect(base, [...bases, ...session.classes.map(c => ({ value: c.name, text: className(c.name) }))], base.value || 'nearest');
}

function startOver() {
  edited = null;
  [name.value, sentence.value, said] = ['', '', ''];
  if (base.options.length > 0) base.value = 'nearest';
  for (const control of [name, base, sentence]) control.disabled = false;
  title.textContent = 'Describe a class that nobody photographed';
  save.textContent = 'Save class';
  saved.replaceChildren();
  asking.abort();
  place.removeAttribute('aria-busy');
  sliders.forget();
  show(null);
}

/** Changes a class that was added: its name stays, and so does what is not touched. */
function edit(className_) {
  startOver();
  edited = className_;
  name.value = className_;
  base.value = className_;
  for (const control of [name, base, sentence]) control.disabled = true;
  title.textContent = `Change ${className(className_)}`;
  save.textContent = 'Save changes';
  openTab('invent');
  title.focus();
  changed();
}

const changed = debounce(() => ask(), quiet);

const isEmpty = () => Object.keys(sliders.given).length === 0 && sentence.value.trim() === '' && ['nearest', 'mean', ''].includes(base.value);

function description() {
  const own = !['nearest', 'mean', ''].includes(base.value);
  const given = { name: name.value.trim() || undefined, attributes: sliders.given, describe: sentence.value.trim() || undefined };
  return own ? { ...given, like: base.value } : { ...given, rest: base.value || 'nearest' };
}

/** Asks where the class would stand. A newer question takes back an older one. */
async function ask() {
  asking.abort();
  asking = new AbortController();
  place.removeAttribute('aria-busy');
  if (form.hidden) return;
  if (isEmpty()) {
    show(null);
    return;
  }
  const picture = session.current?.error ? null : session.current;
  place.setAttribute('aria-busy', 'true');
  drawPlace();
  if (picture?.top === null) return;     // its answers come first, and with them the name by which the server knows it
  try {
    const query = { top: edited ? most : asked, candidates: session.candidates };
    const answer = await tryClass({ ...description(), name: trialName() }, picture, query, asking.signal);
    place.removeAttribute('aria-busy');
    show(rankTrial(answer, { shown: shownName(), edited, most: asked }));
  } catch (error) {
    if (isOutdated(error)) return;
    place.removeAttribute('aria-busy');
    show(null);
    // While a sentence is being written it need not make sense yet: that is said beside it, and quietly.
    if (error.status === 400 && sentence.value.trim() !== '') understood.textContent = error.detail;
    else showProblem(problem, error, ask);
  }
}

const shownName = () => name.value.trim() || 'Your class';

/** The name of a class that exists would be refused, and one that is changed has such a name; without a name the server finds a free one. */
function trialName() {
  const wanted = name.value.trim();
  return session.classes.some(c => c.name === wanted) ? undefined : wanted || undefined;
}

function show(answer) {
  showProblem(problem, null);
  session.invented = answer;
  session.emit('invented');
  drawPlace();
  drawNotes(answer);
  sliders.show(answer?.values ?? session.model.attributes.map(() => NaN));
}

function drawPlace() {
  const shown = className(shownName());
  if (isEmpty()) place.replaceChildren(el('p', { class: 'muted' }, 'Move a slider, write a sentence or choose a class to start from.'));
  else if (!session.current || session.current.error) place.replaceChildren(el('p', { class: 'muted' }, 'Give a picture to see where this class would rank for it.'));
  else if (session.invented?.mine) drawRank(shown, session.invented.mine);
  else if (place.hasAttribute('aria-busy')) place.replaceChildren(el('p', { class: 'muted' }, 'Asking …'));
  else place.replaceChildren(...session.candidates === 'seen' ? [el('p', { class: 'muted' }, `${shown} has no pictures, so it is not among the seen classes.`)] : []);
}

function drawRank(shown, { rank, probability }) {
  const words = rank === 1 ? `${shown} would be the answer` : `${shown} would be ${ordinal(rank)}`;
  place.replaceChildren(el('p', {}, el('strong', {}, words), el('span', { class: 'place-value' }, percent(probability))),
    setShare(el('span', { class: 'bar yours' }, el('span', { class: 'bar-fill' })), probability),
    ...edited ? [el('p', { class: 'muted small' }, `Among the other classes: ${shown} as it is now is left out.`)] : []);
  const spoken = `${words}, ${percent(probability)}`;
  if (spoken !== said && session.tab === 'invent') announce(spoken);
  said = spoken;
}

function drawNotes(answer) {
  const { matched = null, ignored = [], filled = 0, filledFrom = [], similar = [] } = answer ?? {};
  const phrases = (matched ?? []).map(m => session.model.attributes.find(a => a.name === m)?.phrase ?? m);
  understood.textContent = sentence.value.trim() === '' || !matched ? '' : (phrases.length > 0 ? `Understood: ${listed(phrases)}.` : 'No attribute is named in it.')
    + (ignored.length > 0 ? ` Not understood: ${listed(ignored)}.` : '');
  filledNote.textContent = filled > 0 && filledFrom.length > 0 ? `${filled} attributes from ${listed(filledFrom.map(className))}.` : '';
  similarNote.replaceChildren(...similar.length === 0 || edited ? [] : [el('p', { class: 'hint' },
    `Very much like ${listed(similar.slice(0, 3).map(s => `${className(s.class)} (${decimal(s.cosine)})`))}: the model will confuse them. Set what tells them apart.`)]);
}

/** What must be done before the class can be saved, and where; null when nothing is missing. */
function missing() {
  const isUntouched = Object.keys(sliders.given).length === 0 && sentence.value.trim() === '';
  if (isUntouched && edited) return { title: 'Nothing is changed yet', advice: 'Move a slider, then save.', where: sliders };
  if (isUntouched) return { title: 'Say what it looks like first', advice: '', where: sentence };
  return name.value.trim() === '' ? { title: 'Give the class a name first', advice: '', where: name } : null;
}

/**
 * While it saves the button stays enabled: a disabled one would lose the focus. When another model is looked at by then, what is described for that one stays.
 */
async function store() {
  if (save.hasAttribute('aria-disabled')) return;
  saved.replaceChildren();
  const first = missing();
  if (first) {
    showProblem(problem, new Problem(null, first.title, first.advice));
    first.where.focus();
    return;
  }
  save.setAttribute('aria-disabled', 'true');
  const { model } = session;
  const isHere = () => session.model === model;
  const verb = edited ? 'changed' : 'saved';
  try {
    const given = description();
    const done = edited ? await setClass(edited, given.attributes) : await addClass({ ...given, name: name.value.trim() });
    session.emit('saved');
    if (isHere()) startOver();
    const words = isHere() ? '. It is among the classes now; nothing was trained.' : ` in the model ${model.name}.`;
    saved.replaceChildren(el('p', { class: 'done' }, `${className(done.class)} is ${verb}${words}`), ...(done.notes ?? []).map(n => el('p', { class: 'muted small' }, n)));
  } catch (error) {
    showProblem(problem, error, isHere() ? () => { save.focus(); store(); } : null);
    problem.scrollIntoView({ block: 'nearest' });
  }
  save.removeAttribute('aria-disabled');
  drawPlace();
}
