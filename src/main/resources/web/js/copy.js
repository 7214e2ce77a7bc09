// Copies a text to the clipboard, or lays it out to be copied where the browser allows no more.

import {byId, el, setText} from './dom.js';

/** Long enough to be seen by who looks up from where they paste. */
const COPIED_MILLIS = 10_000;

/** A button that copies. @param {string} label @param {() => string} text @param {string} what for screen readers */
export function copyButton(label, text, what) {
  const button = el('button', {type: 'button', class: 'small', 'aria-label': `${label}: ${what}`}, label);
  button.addEventListener('click', () => copy(text(), button, label));
  return button;
}

async function copy(text, button, label) {
  try {
    // Only a page of this machine, or one behind TLS, has a clipboard.
    await navigator.clipboard.writeText(text);
    setText(button, 'Copied');
    setTimeout(() => setText(button, label), COPIED_MILLIS);
  } catch {
    layOut(text);
  }
}

function layOut(text) {
  const area = byId('copy-text');
  area.value = text;
  byId('copy').showModal();
  area.focus();
  area.select();
}

byId('copy-close').addEventListener('click', () => byId('copy').close());
