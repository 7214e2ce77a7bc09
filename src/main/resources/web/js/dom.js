// Builds elements. Text goes in as text, whoever wrote it: there is no way here to hand in markup.

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element.
 * @param {string} tag
 * @param {Object<string, string|number|boolean|null>} attributes `null` and `false` leave one out
 * @param {...(Node|string|number|null)} children strings become text
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. @returns {SVGElement} */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null).map(node));
  return element;
}

function node(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

/** The element of an id, which the page has. @returns {HTMLElement} */
export function byId(id) {
  return document.getElementById(id);
}

/** Sets a text, only when it changes: screen readers hear every change of a live region. */
export function setText(element, text) {
  const value = String(text);
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

/** Replaces the rows of a table's body, or says in one row that there are none. */
export function setRows(body, rows, columns, nothing) {
  body.replaceChildren(
    ...(rows.length > 0 ? rows : [el('tr', {}, el('td', {colspan: columns, class: 'hint'}, nothing))]),
  );
}

/** A row of cells; a cell is a text, a node, or `{num: text}` for figures. */
export function row(...cells) {
  return el('tr', {}, ...cells.map(cell));
}

function cell(content) {
  const figure = content !== null && typeof content === 'object' && !(content instanceof Node);
  return figure ? el('td', {class: 'num'}, content.num) : el('td', {}, content === null ? '–' : content);
}
