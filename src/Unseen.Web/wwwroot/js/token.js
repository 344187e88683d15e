// Asks for the token of the server. It stays in the memory of this page and is never stored.
import { isToken } from './api.js';
import { el } from './dom.js';

const where = 'It is the text after --token where unseen serve was started.';
const impossible = `That cannot be a token: a token has up to 512 plain characters, without spaces, accents or curly quotes. ${where}`;
let dialog = null;

/** The token that was typed, or null. `wrong`: one was sent and the server refused it. */
export function askToken(wrong) {
  dialog?.remove();
  const field = el('input', { id: 'token', type: 'password', autocomplete: 'off', required: true, 'aria-describedby': 'token-note' });
  const note = el('p', { id: 'token-note', role: 'status' }, `${where} This page forgets it when it is closed.`);
  const refuse = words => {
    note.className = 'problem';
    note.textContent = words;
    field.setAttribute('aria-invalid', 'true');
  };
  const check = event => {
    if (isToken(field.value.trim())) return;
    event.preventDefault();
    refuse(impossible);
    field.focus();
  };
  if (wrong) refuse(`That token was refused. ${where}`);
  dialog = el('dialog', { 'aria-labelledby': 'token-title' }, el('form', { method: 'dialog', onsubmit: check },
    el('h2', { id: 'token-title' }, 'The server wants its token'), note,
    el('label', { for: 'token' }, 'Token', field),
    el('div', { class: 'row' }, el('button', { type: 'submit', class: 'primary', value: 'send' }, 'Continue'),
      el('button', { type: 'button', onclick: () => dialog.close('') }, 'Cancel'))));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'send' && field.value ? field.value.trim() : null), { once: true }));
}
