// Tables whose rows stack where they have no room. Roles are written out: a table that is displayed otherwise loses them in some browsers.
import { el } from './dom.js';

/**
 * A table in a box that scrolls sideways where even that does not suffice. `region` names the box, `attributes` go to the table; the first cell of a row is its
 * head, and the column `main` stays beside it in a stacked row.
 */
export function table({ region, attributes, caption = null, main = null }, heads, rows) {
  const names = heads.map(h => h.textContent ?? h);
  const cell = (content, column) => el('td', { role: 'cell', class: column === main ? 'main' : null, 'data-head': names[column] }, content);
  const row = ([first, ...rest]) => el('tr', { role: 'row' },
    el('th', { scope: 'row', role: 'rowheader' }, first), rest.map((content, i) => cell(content, i + 1)));
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': region },
    el('table', { role: 'table', ...attributes },
      caption && el('caption', {}, caption),
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, heads.map(h => el('th', { scope: 'col', role: 'columnheader' }, h)))),
      el('tbody', { role: 'rowgroup' }, rows.map(row))));
}
