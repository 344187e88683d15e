// Pictures in: chosen, dropped, pasted or taken, and which one is looked at.
import { classify, classifyAll, Problem, unreadable } from './api.js';
import { byId } from './dom.js';
import { bytes } from './format.js';
import { drawList, focusItem, startList } from './list.js';
import { isOutdated, showProblem } from './problems.js';
import { announce, session } from './session.js';
import { thumbnail } from './thumbnail.js';

/** As many as are asked for at once; the page shows fewer. */
export const asked = 50;

const query = () => ({ top: asked, candidates: session.candidates });
const textFields = 'input:not([type=file], [type=checkbox], [type=range])';
let asking = new AbortController();

export function startPictures() {
  for (const input of [byId('files'), byId('camera')]) {
    input.addEventListener('change', () => {
      add([...input.files]);
      input.value = '';                 // so that the same file can be chosen again
    });
  }
  for (const button of [byId('remove'), byId('list-clear')]) button.addEventListener('click', clear);
  startList({ choose: select, remove });
  startDrop();
  document.addEventListener('paste', event => {
    const files = [...event.clipboardData?.files ?? []];
    // Text goes where it was meant to go, also when an office program lays a picture of it beside it.
    if (files.length === 0 || event.target.matches?.(textFields) && event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    add(files);
  });
  session.on('classes', () => session.pictures.length > 0 && askAgain());
}

/** Asks for all answers once more: other candidates, other classes or another model. */
export function askAgain() {
  asking.abort();
  asking = new AbortController();
  for (const picture of session.pictures) Object.assign(picture, { top: null, error: null, image: null });
  session.invented = null;
  drawList();
  session.emit('answers');
  if (session.pictures.length > 0) ask(session.pictures);
}

function startDrop() {
  let depth = 0;                        // enter and leave are told for every element on the way
  const show = on => byId('drop').classList.toggle('over', on);
  const hasFiles = event => [...event.dataTransfer?.types ?? []].includes('Files');
  document.addEventListener('dragenter', event => { if (hasFiles(event)) show(++depth > 0); });
  document.addEventListener('dragleave', event => { if (hasFiles(event)) show(--depth > 0); });
  document.addEventListener('dragover', event => { if (hasFiles(event)) event.preventDefault(); });
  document.addEventListener('drop', event => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show((depth = 0) > 0);
    add([...event.dataTransfer.files]);
  });
}

async function add(files) {
  const [pictures, refused] = [[], []];
  for (const file of files) (file.type === '' || file.type.startsWith('image/') ? pictures : refused).push(file);
  showProblem(byId('picture-problem'), refused.length === 0 ? null : new Problem(415, '', `${refused.map(f => f.name).join(', ')}: choose a JPEG, PNG, WebP, GIF or BMP file.`));
  if (pictures.length === 0) return;
  const added = pictures.map(file => ({ file, name: file.name || 'pasted picture', thumbnail: undefined, image: null, top: null, error: null }));
  session.pictures.push(...added);
  select(added[0]);
  ask(added);
  for (const picture of added) {
    picture.thumbnail = await thumbnail(picture.file);
    drawList();
    if (picture === session.current) drawPreview();
  }
}

async function ask(pictures) {
  const signal = asking.signal;
  announce(pictures.length === 1 ? 'Looking at the picture' : `Looking at ${pictures.length} pictures`);
  const good = [];
  for (const picture of pictures) {
    const problem = tooLarge(picture.file) ?? await unreadable(picture.file);
    if (problem) fail(picture, problem);
    else good.push(picture);
  }
  try {
    if (good.length === 1) await askOne(good[0], signal);
    else await askMany(good, signal);
  } catch (error) {
    if (!isOutdated(error)) throw error;
  }
}

async function askOne(picture, signal) {
  try {
    answer(picture, await classify(picture.file, query(), signal));
  } catch (error) {
    fail(picture, error);
  }
}

async function askMany(pictures, signal) {
  for (const part of portions(pictures)) {
    try {
      const answers = await classifyAll(part.map(p => p.file), query(), signal);
      part.forEach((picture, i) => answers[i].error ? fail(picture, new Problem(422, '', answers[i].error)) : answer(picture, answers[i]));
    } catch (error) {
      for (const picture of part) fail(picture, error);
    }
  }
}

/** What is wrong with a picture that does not fit into a request, or null. */
function tooLarge(file) {
  const most = session.model?.limits?.maxBodyBytes ?? Infinity;
  return file.size <= most ? null : new Problem(413, '',
    `The picture has ${bytes(file.size)}, and the server takes up to ${bytes(most)}. Make the picture smaller, or start unseen serve with a larger --max-body.`);
}

/** Portions whose sum keeps the limits of a request; small ones, so that the first answers come soon. */
function portions(pictures) {
  const { maxBodyBytes = Infinity, maxImages = 8 } = session.model?.limits ?? {};
  const parts = [];
  let sum = 0;
  for (const picture of pictures) {
    sum += picture.file.size + 1024;    // a kilobyte for the headers of the part
    if (parts.length === 0 || parts.at(-1).length >= Math.min(8, maxImages) || sum > maxBodyBytes) {
      parts.push([]);
      sum = picture.file.size + 1024;
    }
    parts.at(-1).push(picture);
  }
  return parts;
}

function answer(picture, { top, image }) {
  Object.assign(picture, { top, image: image ?? picture.image, error: null });
  changed(picture);
}

function fail(picture, error) {
  if (isOutdated(error)) throw error;
  picture.error = error;
  changed(picture);
}

function changed(picture) {
  drawList();
  if (picture === session.current) session.emit('answers');
}

function select(picture) {
  session.current = picture;
  drawPreview();
  drawList();
  session.emit('answers');
}

export const retryCurrent = () => {
  session.current.error = null;
  session.emit('answers');
  ask([session.current]);
};

function clear() {
  asking.abort();
  asking = new AbortController();
  session.pictures = [];
  select(null);
  byId('files').focus();
}

function remove(picture) {
  const at = session.pictures.indexOf(picture);
  session.pictures.splice(at, 1);
  const neighbour = session.pictures[at] ?? session.pictures[at - 1];
  if (picture === session.current) select(neighbour);
  else drawList();
  if (session.pictures.length > 1) focusItem(neighbour);
  else byId('files').focus();
}

function drawPreview() {
  const picture = session.current;
  byId('drop').classList.toggle('filled', picture !== null);
  byId('no-preview').hidden = picture?.thumbnail !== null || picture === null;
  byId('preview').hidden = !picture?.thumbnail;
  byId('drop-lead').textContent = picture ? picture.name : 'Drop a picture here';
  byId('drop-hint').textContent = picture ? bytes(picture.file.size) : 'or paste one, or';
  if (!picture?.thumbnail) return;
  byId('preview').src = picture.thumbnail;
  byId('preview').alt = `Your picture ${picture.name}`;
}
