// All classes of the model; those that were added can be changed and removed.
import { removeClass } from './api.js';
import { debounce, el, named } from './dom.js';
import { className } from './format.js';
import { showProblem } from './problems.js';
import { announce, session } from './session.js';

const search = el('input', { id: 'class-search', type: 'search', autocomplete: 'off', oninput: debounce(() => draw(), 80) });
const count = el('p', { class: 'muted small', role: 'status' });
const problem = el('div');
const list = el('ul', { class: 'class-list', 'aria-label': 'Classes' });
const question = el('dialog', { 'aria-labelledby': 'remove-title' });

export function startClasses(panel) {
  panel.append(el('label', { for: 'class-search' }, 'Search classes', search), count, problem, list, question);
  session.on('classes model', draw);
}

function draw() {
  const words = search.value.toLowerCase().trim();
  const found = session.classes.filter(c => className(c.name).toLowerCase().includes(words) || c.name.toLowerCase().includes(words));
  const unseen = session.classes.filter(c => c.unseen).length;
  count.textContent = words ? `${found.length} of ${session.classes.length} classes` : `${session.classes.length} classes, ${unseen} of them unseen: the model has no picture of these`;
  list.replaceChildren(...[...found].sort((a, b) => b.added - a.added).map(item));
}

function item(c) {
  const changes = c.added && session.model?.editable;
  return el('li', {},
    el('span', { class: 'class-name' }, named(c.name), ' ', c.added ? el('span', { class: 'badge yours' }, 'added') : c.unseen ? el('span', { class: 'badge unseen' }, 'unseen') : null),
    el('span', { class: 'row' },
      changes ? el('button', { type: 'button', class: 'quiet small', 'aria-label': `Edit ${className(c.name)}`, onclick: () => session.emit('edit', c.name) }, 'Edit') : null,
      changes ? el('button', { type: 'button', class: 'quiet small', 'aria-label': `Remove ${className(c.name)}`, onclick: () => confirm(c.name) }, 'Remove') : null,
      el('button', { type: 'button', class: 'quiet small', 'aria-label': `Compare ${className(c.name)} with another class`, onclick: () => session.emit('compare', c.name) }, 'Compare')));
}

function confirm(name) {
  question.replaceChildren(
    el('h2', { id: 'remove-title' }, 'Remove ', named(name), '?'),
    el('p', {}, 'The model will not answer with it any more. The history of the model keeps its values.'),
    el('div', { class: 'row' },
      el('button', { type: 'button', class: 'primary', onclick: () => { question.close(); remove(name); } }, 'Remove'),
      el('button', { type: 'button', onclick: () => question.close() }, 'Keep')));
  question.showModal();
}

async function remove(name) {
  try {
    await removeClass(name);
    showProblem(problem, null);
    announce(`${className(name)} is removed`);
    session.emit('saved');
    search.focus();
  } catch (error) {
    showProblem(problem, error, () => { search.focus(); remove(name); });
  }
}
