// Why: where the model looked, what each attribute gave to the answer, why not another class, and what would change the answer.
import { explain } from './api.js';
import { el, fillSelect, named, setShare } from './dom.js';
import { className, classValue, decimal, decimals, listed, signed } from './format.js';
import { isOutdated, showProblem } from './problems.js';
import { announce, session } from './session.js';
import { table } from './tables.js';

const attributes = 10;
const shownFlips = 5;
let asking = new AbortController();
let shownFor = null;                     // the answers of a picture that the panel explains or is asking for
let explained = { top: null, whyNot: '' };  // what stands in it

const problem = el('div');
const waiting = el('p', { class: 'empty' });
const welcome = el('div', { class: 'empty' },
  el('p', { class: 'drop-lead' }, 'Give a picture, and see why it gets its name'),
  el('ol', {},
    el('li', {}, 'Where the model looked, attribute by attribute'),
    el('li', {}, 'Which attributes decided, and why it is not another class'),
    el('li', {}, 'Then invent a class that nobody photographed, and watch it enter the ranking')));
const rival = el('select', { id: 'why-not', onchange: () => ask(rival.value) });
const chooser = el('p', { class: 'row' }, el('label', { for: 'why-not' }, 'Why not'), rival);
const body = el('div');

export function startExplanation(panel) {
  panel.append(welcome, waiting, problem, el('div', { class: 'why' }, chooser, body));
  session.on('answers tab', refresh);
  session.on('why-not', name => {
    ask(name);
    rival.focus();
  });
  refresh();
}

function refresh() {
  const picture = session.current;
  if (picture?.top?.length > 0 && !picture.error) {
    if (session.tab === 'why' && shownFor !== picture.top) ask('');
    return;
  }
  shownFor = null;
  asking.abort();
  clear();
  welcome.hidden = picture !== null;
  waiting.hidden = picture === null;
  waiting.textContent = picture?.error || picture?.top ? 'This picture has no answer, so there is nothing to explain.' : 'Looking …';
}

function clear() {
  for (const part of [chooser, welcome, waiting]) part.hidden = true;
  explained = { top: null, whyNot: '' };
  body.removeAttribute('aria-busy');
  body.replaceChildren();
  showProblem(problem, null);
}

async function ask(name) {
  const picture = session.current;
  asking.abort();
  asking = new AbortController();
  const { top } = picture;
  shownFor = top;
  body.setAttribute('aria-busy', 'true');
  try {
    const explanation = await explain(picture, { whyNot: name, attributes, candidates: session.candidates }, asking.signal);
    explained = { top, whyNot: name };
    show(explanation);
  } catch (error) {
    if (isOutdated(error)) return;
    fail(error, top, name);
  }
}

/** A class that was removed meanwhile cannot be compared with; what is explained of the same answers stays, with the classes to choose from. */
function fail(error, top, name) {
  if (explained.top !== top) clear();
  body.removeAttribute('aria-busy');
  rival.value = explained.whyNot;
  showProblem(problem, error, [400, 404].includes(error.status) ? null : () => ask(name));
}

function show(e) {
  const digits = { score: decimals(e.evidence.map(a => a.contribution)), predicted: decimals(e.evidence.map(a => a.predicted)) };
  const { whyNot } = explained;
  showProblem(problem, null);
  body.removeAttribute('aria-busy');
  waiting.hidden = true;
  chooser.hidden = e.rival === null;
  const others = session.classes.filter(c => c.name !== e.answer.class && (session.candidates === 'all' || c.unseen === (session.candidates === 'unseen')));
  fillSelect(rival, [{ value: '', text: 'the second best' }, ...others.map(c => ({ value: c.name, text: className(c.name) }))], whyNot);
  body.replaceChildren(...[lead(e, digits), ...e.evidence.length === 0 ? [] : [looks(e, digits), decided(e, digits)], e.rival && e.evidence.length > 0 ? flips(e, digits) : null, e.prompts ? prompts(e) : null].filter(Boolean));
  if (whyNot) announce(`${className(e.answer.class)} leads ${className(e.rival.class)} by ${decimal(e.lead, digits.score)}`);
}

function lead(e, digits) {
  const answer = el('strong', {}, named(e.answer.class));
  if (!e.rival) return el('p', { class: 'lead' }, answer, ' is the only class to choose from.');
  const rest = el('strong', {}, named(e.rival.class));
  if (e.evidence.length === 0) {
    return el('p', { class: 'lead' }, 'The scores of this method do not come from attributes, so it cannot say which of them decided between ', answer, ' and ', rest, '.');
  }
  return el('div', { class: 'lead' },
    el('p', {}, answer, ' rather than ', rest, isCalibrated(e) ? ', because of the calibration between seen and unseen classes: the attributes alone do not favour it.' : reasons(e.evidence)),
    el('p', { class: 'muted small' }, `It leads by ${decimal(e.lead, digits.score)}: attributes give ${signed(e.lead - e.rest, digits.score)}, the calibration between seen and unseen classes ${signed(e.rest, digits.score)}.`));
}

/** True when no attribute decided: together they do not favour the answer. */
const isCalibrated = e => e.rest > 0 && e.lead - e.rest <= 0;

/** What is missing can decide as well as what is there: a prediction below 0 says that the picture lacks the attribute. */
function reasons(evidence) {
  const pro = evidence.filter(a => a.contribution > 0).slice(0, 3);
  const [shows, lacks] = [pro.filter(a => a.predicted >= 0), pro.filter(a => a.predicted < 0)].map(part => listed(part.map(a => a.phrase)));
  const words = [shows && `shows ${shows}`, lacks && `lacks ${lacks}`].filter(Boolean);
  return words.length > 0 ? `, above all because the picture ${words.join(' and ')}.` : '.';
}

/** The picture large, and small ones to choose what lies over it. */
function looks(e, digits) {
  const seen = e.evidence.filter(a => a.overlay);
  if (seen.length === 0) return null;
  const large = el('img', { class: 'large', src: seen[0].overlay, alt: '' });
  const caption = el('figcaption', { 'aria-live': 'polite' });
  const reverse = el('img', { class: 'large', alt: '' });
  const reverseCaption = el('figcaption', {});
  const reverseFigure = el('figure', {}, reverse, reverseCaption);
  const buttons = [...seen.map(a => ({
    image: a.overlay, reverse: a.visualOverlay, name: a.phrase, words: `Where the model looks for ${a.phrase}`,
    reverseWords: `The other way round: which regions look at ${a.phrase}`, note: signed(a.contribution, digits.score), pro: a.contribution >= 0 })),
    { image: e.picture, name: 'picture only', words: 'The picture as the model sees it', note: '', pro: true }]
    .map(choice => overlayButton(choice, choose));
  function choose(button, choice) {
    for (const other of buttons) other.setAttribute('aria-pressed', other === button);
    large.src = choice.image;
    large.alt = choice.words;
    caption.textContent = choice.words;
    reverseFigure.hidden = !choice.reverse;
    if (!choice.reverse) return;
    reverse.src = choice.reverse;
    reverse.alt = choice.reverseWords;
    reverseCaption.textContent = choice.reverseWords;
  }
  buttons[0].click();
  return el('section', { class: 'looks', 'aria-label': 'Where the model looks' },
    el('h3', {}, 'Where it looked'),
    el('div', { class: 'looks-grid' }, el('div', { class: 'looks-large' }, el('figure', {}, large, caption), reverseFigure), el('div', { class: 'overlays' }, buttons)));
}

function overlayButton(choice, choose) {
  const button = el('button', { type: 'button', class: 'overlay', 'aria-pressed': 'false', onclick: () => choose(button, choice) },
    el('img', { src: choice.image, alt: '' }), el('span', { class: 'overlay-name' }, choice.name),
    choice.note ? el('span', { class: choice.pro ? 'pro' : 'contra' }, choice.note) : null);
  return button;
}

function decided(e, digits) {
  const largest = Math.max(...e.evidence.map(a => Math.abs(a.contribution)), 1e-9);
  const effect = e.evidence.some(a => a.effect !== null && a.effect !== undefined);
  const [answer, other] = [className(e.answer.class), e.rival ? className(e.rival.class) : '–'];
  const heads = ['attribute', 'in the picture', named(e.answer.class), el('bdi', {}, other), 'speaks for', ...effect ? ['by attention'] : []];
  return el('section', { 'aria-label': 'What decided' },
    el('h3', {}, 'What decided'),
    el('p', { class: 'muted small', id: 'evidence-note' }, `Each row adds to the lead: what the picture has of the attribute, times what ${answer} has more of it than ${other}.`),
    table({ region: 'Table of the evidence', attributes: { 'aria-label': 'Evidence', 'aria-describedby': 'evidence-note' }, main: 4 },
      heads, e.evidence.map(a => row(a, largest, effect, digits))));
}

function row(a, largest, effect, digits) {
  const bar = setShare(el('span', { class: `balance ${a.contribution < 0 ? 'contra' : 'pro'}` }), Math.abs(a.contribution) / largest);
  return [
    [a.phrase, a.group && !a.phrase.includes(a.group) ? el('span', { class: 'muted small' }, ` ${a.group}`) : null],
    decimal(a.predicted, digits.predicted), classValue(a.answerValue), classValue(a.rivalValue),
    el('span', { class: 'contribution' }, bar, el('span', {}, signed(a.contribution, digits.score))),
    ...effect ? [signed(a.effect ?? NaN, digits.score)] : [],
  ];
}

function flips(e, digits) {
  const alone = e.flips.filter(f => f.isWithin).slice(0, shownFlips);
  return el('section', { 'aria-label': 'What would change the answer' },
    el('h3', {}, 'What would change the answer'),
    el('ul', { class: 'flips' }, deciding(e), ...alone.length > 0
      ? alone.map(f => el('li', {}, 'With ', ...change(f, digits), ' in the picture ', ...effect(f), '.'))
      : [el('li', {}, ...together(e, digits))]));
}

function change(a, digits) {
  return [`${a.to < a.from ? 'less' : 'more'} of `, el('em', {}, a.phrase), ` (${decimal(a.to, digits.predicted)} instead of ${decimal(a.from, digits.predicted)})`];
}

/** Where no attribute alone suffices: the fewest together, each within what the model predicts of the picture. */
function together(e, digits) {
  if (e.lead <= 0) return [el('strong', {}, named(e.rival.class)), ' is level already.'];
  if (!e.changes) return ['No change of attributes within what the model predicts of this picture would do it.'];
  const { attributes } = e.changes;
  const shown = attributes.slice(0, shownFlips).flatMap((a, i) => [i > 0 ? ', ' : '', ...change(a, digits)]);
  const more = attributes.length - shownFlips;
  return ['No attribute alone. With ', ...shown, more > 0 ? ` and ${more} more` : '', ' in the picture ', ...effect(e.changes), '.'];
}

/** A class that was asked for can be level with the answer when a third one is in front already. */
function effect({ class: name, ahead }) {
  const other = el('strong', {}, named(name));
  return ahead ? [other, ' would be level, with ', el('strong', {}, named(ahead)), ' ahead of both'] : ['it would be ', other];
}

/** The fewest attributes that carry the lead; those that are shown are the strongest for and against, so not all of these, or none, need to be among them. */
function deciding(e) {
  if (e.decidingCount === 0 || !e.rival) return null;
  const phrases = e.evidence.filter(a => a.contribution > 0).slice(0, e.decidingCount).map(a => a.phrase);
  const more = e.decidingCount - phrases.length;
  const words = phrases.length === 0 ? `${more === 1 ? 'the attribute that speaks' : `the ${more} attributes that speak`} most for it,` : listed(more > 0 ? [...phrases, `${more} more`] : phrases);
  return el('li', {}, `Without ${words} it would not lead `, el('strong', {}, named(e.rival.class)), '.');
}

/** What the picture shows, asked group by group: the three strongest answers. */
function prompts(e) {
  const lines = (p, words) => p.attributes.map(a => el('div', {}, words(a)));
  return el('section', { 'aria-label': 'What the picture shows' },
    el('h3', {}, 'What the picture shows'),
    el('p', { class: 'muted small', id: 'prompts-note' }, 'The three strongest answers of each group with their shares, and what the answer has of each.'),
    table({ region: 'Table of what the picture shows', attributes: { class: 'prompts', 'aria-label': 'Prompts', 'aria-describedby': 'prompts-note' } },
      ['asked for', 'answers', named(e.answer.class)],
      e.prompts.map(p => [p.prompt, lines(p, a => `${a.phrase} ${Math.round(100 * a.share)} %`), lines(p, a => classValue(a.answerValue))])));
}
