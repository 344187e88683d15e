// Tabs after the WAI-ARIA pattern: arrows, Home and End move, and moving chooses.
import { session } from './session.js';

const tabs = () => [...document.querySelectorAll('[role=tab]')];
const nameOf = tab => tab.id.slice('tab-'.length);

/** Opens a tool: why, invent, compare or classes. */
export function openTab(name) {
  for (const tab of tabs()) {
    const chosen = nameOf(tab) === name;
    tab.setAttribute('aria-selected', chosen);
    tab.tabIndex = chosen ? 0 : -1;
    document.getElementById(tab.getAttribute('aria-controls')).hidden = !chosen;
  }
  session.tab = name;
  session.emit('tab', name);
}

export function startTabs() {
  for (const tab of tabs()) tab.addEventListener('click', () => openTab(nameOf(tab)));
  document.querySelector('[role=tablist]').addEventListener('keydown', event => {
    const all = tabs();
    const here = all.indexOf(document.activeElement);
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || here < 0) return;
    event.preventDefault();
    const target = all[(next + all.length) % all.length];
    target.focus();
    openTab(nameOf(target));
  });
}
