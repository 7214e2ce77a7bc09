// Light, dark, or as the system has it.

import {byId} from './dom.js';

const KEY = 'rollout-proxy-theme';
const CHOICES = ['auto', 'light', 'dark'];

/** Sets the scheme that was chosen last, and calls back on every change of colours. */
export function followTheme(onChange) {
  const select = byId('theme');
  const kept = localStorage.getItem(KEY);
  apply(CHOICES.includes(kept) ? kept : 'auto');
  select.value = document.documentElement.dataset.theme;
  select.addEventListener('change', () => {
    localStorage.setItem(KEY, select.value);
    apply(select.value);
    onChange();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
}

function apply(choice) {
  document.documentElement.dataset.theme = choice;
}

/** A colour of the style sheet, such as `--foundry`, as it is now. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
