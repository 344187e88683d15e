// Hundreds of attributes as sliders: grouped, folded, searchable. A slider that nobody touched shows what the class gets from elsewhere.
import { debounce, el, setShare } from './dom.js';
import { classValue, range } from './format.js';

export class AttributeSliders {
  #attributes;
  #changed;
  #values;
  #given = new Map();
  #rows = new Map();
  #groups = [];
  #list;
  #search = el('input', { id: 'attribute-search', type: 'search', placeholder: 'for example: blue, bill', autocomplete: 'off' });
  #onlyGiven = el('input', { id: 'only-given', type: 'checkbox' });
  #found = el('p', { class: 'muted small', role: 'status' });
  #reset = el('button', { type: 'button', class: 'quiet small', onclick: () => this.reset() }, 'Forget all');

  /** Attributes of GET /v1/model; `changed` is called after a slider was moved or forgotten. */
  constructor(attributes, changed) {
    [this.#attributes, this.#changed] = [attributes, changed];
    this.#values = attributes.map(() => NaN);
    const byGroup = groupBy(attributes);
    this.#groups = [...byGroup].map(([name, members]) => this.#group(name, members));
    this.#search.addEventListener('input', debounce(() => this.#filter(), 80));
    this.#onlyGiven.addEventListener('change', () => this.#filter());
    this.#list = el('div', { class: 'slider-groups' }, this.#groups.map(g => g.element));
    this.element = el('div', { class: 'sliders' },
      el('div', { class: 'slider-tools' },
        el('label', { class: 'grow', for: 'attribute-search' }, `Search ${attributes.length} attributes`, this.#search),
        el('label', { class: 'check' }, this.#onlyGiven, 'only those I set'), this.#reset),
      this.#found, this.#list);
    this.#count();
  }

  /** What was set by hand: { attribute: value }. */
  get given() {
    return Object.fromEntries(this.#given);
  }

  /** Shows where the other attributes stand: one value per attribute of the model. */
  show(values) {
    this.#values = values;
    for (const row of this.#rows.values()) row.draw();
  }

  focus() {
    this.#search.focus();
  }

  /** Takes back what was set. */
  reset() {
    this.forget();
    this.#changed();
  }

  /** The same without a word: whoever asks for it knows. */
  forget() {
    this.#given.clear();
    for (const row of this.#rows.values()) row.draw();
    this.#count();
    this.#filter();
  }

  #group(name, members) {
    const body = el('div', { class: 'slider-rows' });
    const count = el('span', { class: 'muted small' });
    const element = el('details', { class: 'slider-group' }, el('summary', {}, el('span', {}, name), ' ', count), body);
    const group = { name, members, element, body, count };
    element.addEventListener('toggle', () => element.open && this.#fill(group));
    return group;
  }

  /** Sliders are made when their group is first looked at. */
  #fill(group) {
    if (group.body.childElementCount === 0) group.body.append(...group.members.map(a => this.#row(a)));
  }

  #row(attribute) {
    const index = this.#attributes.indexOf(attribute);
    const slider = el('input', { type: 'range', 'aria-label': attribute.phrase });
    const output = el('span', { class: 'slider-value' });
    const forget = el('button', { type: 'button', class: 'quiet small', 'aria-label': `Forget ${attribute.phrase}`, title: 'Forget: take the value from elsewhere' }, '×');
    const element = el('div', { class: 'slider-row' }, el('span', { class: 'slider-name', 'aria-hidden': 'true' }, attribute.phrase), slider, output, forget);
    let [least, largest] = range(attribute);
    const draw = () => {
      const given = this.#given.has(attribute.name);
      const value = given ? this.#given.get(attribute.name) : this.#values[index];
      [least, largest] = range({ least, largest }, value);
      Object.assign(slider, { min: least, max: largest, step: (largest - least) / 20 });
      slider.value = Number.isFinite(value) ? value : 0;
      setShare(slider, (slider.value - slider.min) / (slider.max - slider.min));
      const words = Number.isFinite(value) ? classValue(value) : 'open';
      output.textContent = words;
      slider.setAttribute('aria-valuetext', given ? words : `${words}, not set by you`);
      element.classList.toggle('given', given);
      forget.classList.toggle('invisible', !given);
    };
    slider.addEventListener('input', () => {
      this.#given.set(attribute.name, Number(slider.value));
      this.#touched(draw);
    });
    forget.addEventListener('click', () => {
      this.#given.delete(attribute.name);
      slider.focus();
      this.#touched(draw);
    });
    this.#rows.set(attribute.name, { element, draw });
    draw();
    return element;
  }

  #touched(draw) {
    draw();
    this.#count();
    this.#changed();
  }

  #count() {
    for (const { members, count } of this.#groups) {
      const set = members.filter(a => this.#given.has(a.name)).length;
      count.textContent = set > 0 ? `${members.length}, ${set} set` : `${members.length}`;
      count.classList.toggle('has-given', set > 0);
    }
    this.#reset.disabled = this.#given.size === 0;
  }

  /** Opens groups that hold what is searched, hides the rest; without a search all are folded again. */
  #filter() {
    const words = this.#search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = words.length > 0 || this.#onlyGiven.checked;
    this.#list.classList.toggle('searching', active);
    let found = 0;
    for (const group of this.#groups) {
      const matching = new Set(group.members.filter(a => this.#matches(a, words)));
      found += matching.size;
      group.element.hidden = matching.size === 0;
      if (active && matching.size > 0) this.#fill(group);
      group.element.open = active && matching.size > 0;
      for (const a of group.members) if (this.#rows.has(a.name)) this.#rows.get(a.name).element.hidden = !matching.has(a);
    }
    this.#found.textContent = !active ? '' : found === 0 ? 'No attribute found.' : `${found} of ${this.#attributes.length} attributes`;
  }

  #matches(attribute, words) {
    if (this.#onlyGiven.checked && !this.#given.has(attribute.name)) return false;
    // From the start of words: who searches "red" does not mean "barred".
    const known = `${attribute.phrase} ${attribute.group} ${attribute.name}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    return words.every(word => known.some(k => k.startsWith(word)));
  }
}

function groupBy(attributes) {
  const groups = new Map();
  for (const a of attributes) groups.set(a.group || 'attributes', [...groups.get(a.group || 'attributes') ?? [], a]);
  return groups;
}
