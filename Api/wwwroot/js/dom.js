/** Elements. Data becomes text and attributes, never markup. */

/**
 * Makes an element.
 * @param {string} tag its name
 * @param {object} [attributes] `class`, any attribute, `on` with listeners; null and false leave an attribute away
 * @param {...(Node|string|number|null)} children nodes, or text
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
  return element;
}

/** Sets a text where it is another one: an unchanged node costs no layout. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Sets an attribute where it is another one; null takes it away. */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined) {
    if (element.hasAttribute(name)) {
      element.removeAttribute(name);
    }
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, String(value));
  }
}

let ids = 0;

/** An id that nothing else on the page has. */
export const newId = prefix => `${prefix}-${++ids}`;

/** A panel: a titled section with room for tools beside the title. */
export function panel(title, { className = '', tools = [], note = null } = {}, ...children) {
  const id = newId('panel');
  return h('section', { class: `panel ${className}`, 'aria-labelledby': id },
    h('header', { class: 'panel-head' },
      h('h2', { id }, title), note, h('div', { class: 'tools' }, ...tools)),
    ...children);
}
