// What the parts of the page share, and how they hear of changes: "model", "classes", "answers", "invented", "tab"; "saved" tells that classes were changed, "why-not", "edit" and "compare" ask for a tool.

class Session extends EventTarget {
  /** GET /v1/model. */
  model = null;

  /** GET /v1/classes, in the order of the model. */
  classes = [];

  /** Pictures that were given: { file, name, thumbnail, image, top, error }. */
  pictures = [];

  current = null;

  /** The answers with an invented class among them, while one is being invented. */
  invented = null;

  candidates = 'all';

  tab = 'why';

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  on(names, listener) {
    for (const name of names.split(' ')) this.addEventListener(name, event => listener(event.detail));
  }
}

export const session = new Session();

const status = () => document.getElementById('status');

/** Says something to people who do not see the page change. */
export function announce(text) {
  status().textContent = text;
}
