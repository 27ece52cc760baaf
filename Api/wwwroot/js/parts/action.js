/** Buttons that do something, and say why where they may not. */
import { h, setAttribute } from '../dom.js';
import { refusal } from '../roles.js';
import { state } from '../store.js';
import { toast } from './toasts.js';

/**
 * A button of an action. It stays in the order of the focus where it may not be used, so that the reason can be read by keyboard.
 * @param {object} options `label`, `action` (name in the roles), `run()`, and where needed `className`, `hint` (what it does), `why()` (a further
 * reason against it)
 */
export function actionButton({ label, action, run, className = '', hint = null, why = () => null, name = null }) {
  const element = h('button', { type: 'button', class: className, 'data-action': action, 'aria-label': name }, label);
  let against = null;
  element.addEventListener('click', async event => {
    event.stopPropagation();
    if (against) {
      toast(against, { isError: true });
      return;
    }
    element.setAttribute('aria-busy', 'true');
    try {
      await run();
    } catch (problem) {
      toast(problem.message, { isError: true });
    } finally {
      element.removeAttribute('aria-busy');
    }
  });
  return {
    element,
    update() {
      against = refusal(state.session, action) ?? why();
      setAttribute(element, 'aria-disabled', against ? 'true' : null);
      setAttribute(element, 'title', against ?? hint);
    },
  };
}

/** A column with an action of its row. */
export function actionColumn(options) {
  const buttons = new WeakMap();
  return {
    id: options.action, title: options.title, priority: options.priority ?? 1, class: 'action',
    build(cell, row) {
      const button = actionButton({
        ...options, className: 'small', run: () => options.run(row()), why: () => options.why?.(row()) ?? null, name: null,
      });
      buttons.set(cell, button);
      cell.append(button.element);
    },
    update(cell, row) {
      const button = buttons.get(cell);
      setAttribute(button.element, 'aria-label', options.name?.(row) ?? null);
      button.update();
    },
  };
}
