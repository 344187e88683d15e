// Asks for the token of the server. It stays in the memory of this page and is never stored.
import { el } from './dom.js';

let dialog = null;

/** The token that was typed, or null. `wrong`: one was sent and the server refused it. */
export function askToken(wrong) {
  dialog?.remove();
  const field = el('input', { id: 'token', type: 'password', autocomplete: 'off', required: true, 'aria-describedby': 'token-note' });
  dialog = el('dialog', { 'aria-labelledby': 'token-title' }, el('form', { method: 'dialog' },
    el('h2', { id: 'token-title' }, 'The server wants its token'),
    el('p', { id: 'token-note', class: wrong ? 'problem' : '' }, wrong ? 'That token was refused. It is the text after --token where unseen serve was started.'
      : 'It is the text after --token where unseen serve was started. This page forgets it when it is closed.'),
    el('label', { for: 'token' }, 'Token', field),
    el('div', { class: 'row' }, el('button', { type: 'submit', class: 'primary', value: 'send' }, 'Continue'),
      el('button', { type: 'button', onclick: () => dialog.close('') }, 'Cancel'))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'send' && field.value ? field.value.trim() : null), { once: true }));
}
