// Which model answers, and what is known of it.
import { classes, modelFacts, models, useModel } from './api.js';
import { byId, el, fillSelect } from './dom.js';
import { bytes, percent, writeFor } from './format.js';
import { isOutdated, showProblem } from './problems.js';
import { session } from './session.js';

let asking = new AbortController();
const about = el('dialog', { 'aria-labelledby': 'about-title' });

export async function startModel() {
  document.body.append(about);
  byId('about-open').addEventListener('click', showAbout);
  byId('model').addEventListener('change', event => load(event.target.value));
  session.on('saved', refreshClasses);
  await open();
}

async function open() {
  try {
    const known = await models();
    fillSelect(byId('model'), known.map(m => ({ value: m.name, text: m.name })), known.find(m => m.default)?.name);
    byId('model-picker').hidden = known.length < 2;
    await load(byId('model').value);
  } catch (error) {
    showProblem(byId('page-problem'), error, open);
  }
}

/** Another model takes over when all is known of it; until then, and when it fails, the one before stays. */
async function load(name) {
  asking.abort();
  asking = new AbortController();
  byId('model').value = name;
  try {
    const [facts, list] = await Promise.all([modelFacts(name, asking.signal), classes(name, asking.signal)]);
    showProblem(byId('page-problem'), null);
    useModel(name);
    writeFor(facts, list);
    Object.assign(session, { model: facts, classes: list, invented: null });
    byId('about-open').disabled = false;
    byId('tagline').textContent = `${facts.dataset ?? facts.name}: ${list.length} classes, ${list.filter(c => c.unseen).length} of them never photographed`;
    session.emit('model');
    session.emit('classes');
  } catch (error) {
    if (isOutdated(error)) return;
    byId('model').value = session.model?.name ?? name;
    showProblem(byId('page-problem'), error, () => load(name));
  }
}

async function refreshClasses() {
  const { model } = session;
  try {
    const list = await classes(model.name);
    if (session.model !== model) return; // another one is looked at by now
    writeFor(model, list);
    session.classes = list;
    session.emit('classes');
  } catch (error) {
    showProblem(byId('page-problem'), error, refreshClasses);
  }
}

function showAbout() {
  const m = session.model;
  const facts = [
    ['Method', m.method],
    ['Trained on', m.dataset],
    ['Classes', `${m.classes.seen} seen, ${m.classes.unseen} unseen`],
    ['Attributes', `${m.attributes.length}`],
    ['Backbones', (m.backbones ?? []).map(b => b.name).join(', ')],
    ['Probabilities', m.calibrated ? 'calibrated on validation classes' : 'not calibrated'],
    ['Classes can be added', m.editable ? (m.tokenRequired ? 'yes, with the token' : 'yes') : `no${m.fixedBecause ? `. ${m.fixedBecause}` : ''}`],
    ['Largest request', m.limits?.maxBodyBytes ? bytes(m.limits.maxBodyBytes) : null],
  ].filter(([, value]) => value);
  about.replaceChildren(
    el('h2', { id: 'about-title' }, m.name),
    el('dl', {}, facts.flatMap(([term, value]) => [el('dt', {}, term), el('dd', {}, value)])),
    m.metrics ? el('h3', {}, 'On test pictures') : '',
    m.metrics ? el('dl', {}, figures(m.metrics).flatMap(([term, value]) => [el('dt', {}, term), el('dd', {}, value)])) : '',
    el('div', { class: 'row' }, el('button', { type: 'button', class: 'primary', onclick: () => about.close() }, 'Close')));
  about.showModal();
}

const figures = ({ s, u, h, t1, ausuc }) => [
  ['Seen classes right', s], ['Unseen classes right', u], ['Both together (harmonic mean H)', h],
  ['Unseen among unseen (T1)', t1], ['Area under the seen-unseen curve', ausuc],
].filter(([, value]) => Number.isFinite(value)).map(([term, value]) => [term, percent(value)]);
