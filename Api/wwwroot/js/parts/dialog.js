/** Dialogs. The browser's own: it keeps the focus inside, and Escape closes it. */
import { h, newId, setAttribute, setText } from '../dom.js';

/** Opens a dialog; the focus goes back where it was once it closes. */
export function open(title, { className = '', onClose = null } = {}, ...children) {
  const id = newId('dialog');
  const before = document.activeElement;
  const dialog = h('dialog', { class: className, 'aria-labelledby': id },
    h('header', { class: 'dialog-head' },
      h('h2', { id }, title),
      h('button', { type: 'button', class: 'small', 'aria-label': 'Close', on: { click: () => dialog.close() } }, '✕')),
    ...children);
  dialog.addEventListener('close', () => {
    dialog.remove();
    onClose?.();
    if (before?.isConnected) {
      before.focus();
    }
  });
  // A click beside it closes it as well.
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Asks before something is done, with fields where needed.
 * @param {object} question `title`, `text`, `action` (label of the button), `isDangerous`, `fields`: `{ name, label, kind, hint, value, required }`, kind
 * being text, long, check or choice (with `choices`); `required` is the message where it is empty
 * @returns {Promise<object|null>} values by name, or null where it was given up
 */
export function ask({ title, text, action, isDangerous = false, fields = [] }) {
  return new Promise(resolve => {
    let answer = null;
    const made = fields.map(build);
    const form = h('form', { novalidate: true, class: 'ask' },
      text ? h('p', null, text) : null,
      made.map(field => field.element),
      h('div', { class: 'dialog-actions' },
        h('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel'),
        h('button', { type: 'submit', class: isDangerous ? 'danger' : 'primary' }, action)));
    form.addEventListener('submit', event => {
      event.preventDefault();
      const wrong = made.filter(field => !field.check());
      if (wrong.length > 0) {
        wrong[0].control.focus();
        return;
      }
      answer = Object.fromEntries(made.map(field => [field.name, field.value()]));
      dialog.close();
    });
    const dialog = open(title, { className: 'narrow', onClose: () => resolve(answer) }, form);
    (made[0]?.control ?? form.querySelector('button')).focus();
  });
}

function build({ name, label, kind = 'text', hint = null, value = '', required = null, choices = [] }) {
  const id = newId('field');
  const error = h('p', { class: 'error', id: `${id}-error`, hidden: true });
  const hintElement = hint ? h('p', { class: 'hint', id: `${id}-hint` }, hint) : null;
  const described = [hint ? `${id}-hint` : null, `${id}-error`].filter(Boolean).join(' ');
  const attributes = { id, name, 'aria-describedby': described, 'aria-required': required ? 'true' : null, autocomplete: 'off' };
  const control = kind === 'long' ? h('textarea', { ...attributes, rows: 3, maxlength: 500 })
    : kind === 'choice' ? h('select', attributes, choices.map(([key, shown]) => h('option', { value: key }, shown)))
      : h('input', { ...attributes, type: kind === 'check' ? 'checkbox' : 'text', maxlength: kind === 'check' ? null : 500 });
  if (kind !== 'check') {
    control.value = value || (choices[0]?.[0] ?? '');
  }
  control.addEventListener('input', () => {
    error.hidden = true;
    setAttribute(control, 'aria-invalid', null);
  });
  const read = () => kind === 'check' ? control.checked : control.value.trim();
  return {
    name, control, value: read,
    element: kind === 'check'
      ? h('div', { class: 'field check' }, control, h('label', { for: id }, label), hintElement, error)
      : h('div', { class: 'field' }, h('label', { for: id }, label), control, hintElement, error),
    check() {
      const isMissing = required !== null && !read();
      error.hidden = !isMissing;
      setText(error, isMissing ? required : '');
      setAttribute(control, 'aria-invalid', isMissing ? 'true' : null);
      return !isMissing;
    },
  };
}
