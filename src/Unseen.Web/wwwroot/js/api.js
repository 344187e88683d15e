// The HTTP interface of `unseen serve`. Everything that fails becomes a Problem: with the status of the answer, 0 without an answer, null for what the page asks of the user.

export class Problem extends Error {
  constructor(status, title, detail, retryAfter = null) {
    super(detail || title);
    Object.assign(this, { status, title, detail, retryAfter });
  }
}

const attempts = 4;                      // of a request that the server was too busy for
let model = null;
let token = null;                        // in memory only: gone with the page
let askToken = async () => null;
let askingToken = null;                  // the question, while it is open
let sayWaiting = () => {};

/** Which model is meant by all that is asked from now on; what waits already keeps the one that it was meant for. */
export const useModel = name => { model = name; };

/** What the server takes for a token. With other characters a browser would not even send the request. */
export const isToken = text => /^[\x21-\x7e]{1,512}$/.test(text);

/** Who is asked for the token when the server wants one, and who is told that a request waits. */
export function listen({ onToken, onWaiting }) {
  askToken = onToken;
  sayWaiting = onWaiting;
}

export const models = () => json('GET', 'v1/models', { query: { model: null } });
export const modelFacts = (name, signal) => json('GET', 'v1/model', { query: { model: name }, signal });
export const classes = (name, signal) => json('GET', 'v1/classes', { query: { model: name }, signal });
export const classOf = (name, signal) => json('GET', `v1/classes/${encodeURIComponent(name)}`, { signal });
export const addClass = description => json('POST', 'v1/classes', { data: description });
export const setClass = (name, attributes) => json('PUT', `v1/classes/${encodeURIComponent(name)}`, { data: { attributes } });
export const removeClass = name => send('DELETE', `v1/classes/${encodeURIComponent(name)}`, {});

/** One picture: its answers and the identifier under which the server keeps its features for a while. */
export async function classify(file, query, signal) {
  const response = await send('POST', 'v1/classify', { query, body: file, type: imageType(file), signal });
  return { ...await response.json(), image: response.headers.get('Unseen-Image') };
}

/** Several pictures, answers in their order. */
export function classifyAll(files, query, signal) {
  const form = new FormData();
  for (const file of files) form.append('files', file, file.name);
  return json('POST', 'v1/classify', { query, body: form, signal });
}

/** Why a picture gets its answer. */
export function explain(picture, query, signal) {
  return about(picture,
    image => ['v1/explain', { query: { ...query, image }, signal }],
    file => ['v1/explain', { query, body: file, type: imageType(file), signal }]);
}

/** Ranks an invented class for a picture; without a picture its attributes are filled only. */
export function tryClass(description, picture, query, signal) {
  if (!picture) return json('POST', 'v1/try', { query, data: description, signal });
  return about(picture,
    image => ['v1/try', { query, data: { ...description, image }, signal }],
    file => ['v1/try', { query, body: tryForm(description, file), signal }]);
}

function tryForm(description, file) {
  const form = new FormData();
  form.append('class', JSON.stringify(description));
  form.append('image', file, file.name);
  return form;
}

/** Asks by the identifier of a picture, and sends the picture itself when the server does not know it or has forgotten it. */
async function about(picture, known, unknown) {
  if (picture.image) {
    try {
      return await json('POST', ...known(picture.image));
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      picture.image = null;
    }
  }
  const problem = await unreadable(picture.file);
  if (problem) throw problem;
  const response = await send('POST', ...unknown(picture.file));
  picture.image = response.headers.get('Unseen-Image');
  return response.json();
}

/** What is wrong with a file that the browser cannot read, or null. Sent as it is, it would look like a server that cannot be reached. */
export async function unreadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return null;
  } catch {
    return new Problem(422, '', `${file.name} is a folder, or was changed or moved since it was chosen. Choose a picture again.`);
  }
}

const imageType = file => file.type.startsWith('image/') ? file.type : 'application/octet-stream';

async function json(method, path, options) {
  return (await send(method, path, options)).json();
}

async function send(method, path, options) {
  const query = { model, ...options.query };
  for (let attempt = 1; ; attempt++) {
    const sent = token;
    const response = await once(method, path, { ...options, query });
    if (response.ok) return response;
    const problem = await read(response);
    if (problem.status === 429 && attempt < attempts) await pause(problem.retryAfter ?? attempt, options.signal);
    else if (problem.status === 401 && attempt < attempts) await renewToken(problem, sent);
    else throw problem;
  }
}

/** Asks for another token than the one that was sent, once for all requests that need one. */
async function renewToken(problem, sent) {
  if (token !== sent) return;            // another request has asked meanwhile
  askingToken ??= askToken(sent !== null).finally(() => { askingToken = null; });
  const given = await askingToken;
  if (!given || !isToken(given)) throw problem;
  token = given;
}

async function once(method, path, { query, body, data, type, signal }) {
  const known = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const search = known.length > 0 ? `?${new URLSearchParams(known)}` : '';
  const headers = { Accept: 'application/json, application/problem+json' };
  if (data !== undefined) headers['Content-Type'] = 'application/json';
  else if (type) headers['Content-Type'] = type;
  if (token !== null) headers.Authorization = `Bearer ${token}`;
  try {
    return await fetch(path + search, { method, headers, body: data === undefined ? body : JSON.stringify(data), signal, cache: 'no-store' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, 'The server cannot be reached', error.message);
  }
}

async function read(response) {
  const retryAfter = Number.parseFloat(response.headers.get('Retry-After'));
  const details = await response.json().catch(() => ({}));
  return new Problem(response.status, details.title ?? response.statusText, details.detail ?? '', Number.isFinite(retryAfter) ? retryAfter : null);
}

function pause(seconds, signal) {
  sayWaiting(seconds);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, 1000 * Math.min(seconds, 30));
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
