// What went wrong, in words, with what to do about it.
import { el } from './dom.js';

/** Shows a problem in a box, with a button to try again; null clears the box. */
export function showProblem(box, problem, retry = null) {
  if (!problem) {
    box.replaceChildren();
    return;
  }
  const { title, advice } = inWords(problem);
  box.replaceChildren(el('div', { class: 'problem', role: 'alert' },
    el('p', {}, el('strong', {}, title)),
    advice ? el('p', {}, advice) : null,
    retry ? el('button', { type: 'button', class: 'small', onclick: () => { showProblem(box, null); retry(); } }, 'Try again') : null));
}

/** True for a request that was given up because a newer one replaced it. */
export const isOutdated = error => error?.name === 'AbortError';

export function inWords(problem) {
  const known = words[problem.status];
  if (known) return known(problem);
  if (problem.status >= 500) return { title: 'The server has failed at this', advice: problem.detail || 'Its log says why.' };
  if (problem.status >= 400) return { title: 'The server refuses this', advice: problem.detail || problem.title };
  if (problem.status === null) return { title: problem.title, advice: problem.detail };
  return { title: 'Something went wrong in this page', advice: problem.message };
}

const words = {
  0: () => ({ title: 'The server cannot be reached', advice: 'Is unseen serve still running? Start it again, then try again.' }),
  401: () => ({ title: 'The server wants its token', advice: 'It is the text after --token where unseen serve was started. Nothing was changed.' }),
  403: p => ({ title: 'The server does not allow this', advice: p.detail || 'Changes are allowed from the same machine, or with the token.' }),
  404: p => ({ title: 'The server does not know this', advice: p.detail || 'It may have been removed meanwhile; load the page again.' }),
  408: () => ({ title: 'The picture took too long on its way', advice: 'The connection is slow. Try again, or send a smaller picture.' }),
  409: p => ({ title: 'The change was not made', advice: p.detail || p.title }),
  413: p => ({ title: 'This is too large for the server', advice: p.detail || 'Make the picture smaller.' }),
  415: p => ({ title: 'This is not a picture', advice: p.detail || 'Choose a JPEG, PNG, WebP, GIF or BMP file.' }),
  422: p => ({ title: 'The picture cannot be read', advice: p.detail || 'The file may be damaged or cut off. Choose another one.' }),
  429: p => ({ title: 'The server is busy', advice: `Too many pictures are waiting. Try again in ${p.retryAfter ?? 'a few'} seconds.` }),
  503: p => ({ title: 'The server is starting or stopping', advice: p.detail || 'Try again in a few seconds.' }),
  507: p => ({ title: 'The disk of the server is full', advice: p.detail || 'Nothing was changed.' }),
  504: () => ({ title: 'The server took too long', advice: 'It is busy. Try again in a few seconds.' }),
};
