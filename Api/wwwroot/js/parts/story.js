/** What happened to a position, step by step, in a dialog. */
import { get } from '../api.js';
import { h } from '../dom.js';
import * as format from '../format.js';
import { open } from './dialog.js';

/** Opens the story of a position. */
export async function openStory(positionId) {
  const body = h('div', { class: 'story', 'aria-busy': 'true' }, h('p', { class: 'empty' }, 'Reading the audit …'));
  open(`Story of ${positionId}`, { className: 'wide' }, body);
  try {
    const [story, detail] = await Promise.all([
      get(`/v1/positions/${encodeURIComponent(positionId)}/story`), get(`/v1/positions/${encodeURIComponent(positionId)}`),
    ]);
    body.replaceChildren(summary(detail), steps(story));
  } catch (problem) {
    body.replaceChildren(h('p', { class: 'empty' }, problem.message));
  } finally {
    body.removeAttribute('aria-busy');
  }
}

function summary(detail) {
  const pair = (name, value, className = '') => h('div', null, h('dt', null, name), h('dd', { class: className }, value));
  return h('dl', { class: 'facts' },
    pair('Strategy', format.text(detail.strategy)),
    pair('Side', format.words(detail.side)),
    pair('Symbols', detail.legs.map(leg => leg.symbol).join(', ')),
    pair('Status', format.words(detail.status)),
    pair('Realised', format.change(detail.realized), format.tone(detail.realized)),
    pair('Reason', format.words(detail.reason)),
    pair('Orders', format.number(detail.orders.length)));
}

function steps(story) {
  return h('div', null,
    story.isComplete ? null : h('p', { class: 'hint' }, 'Not all of it was found in the audit; Client -- audit show reads on.'),
    h('ol', { class: 'steps' }, story.steps.map(step => h('li', { class: `step step-${step.step}`, 'data-step': step.step },
      h('time', { datetime: step.at, title: format.utc(step.at) }, format.clock(step.at, { milliseconds: true })),
      h('span', { class: 'delta', title: 'Since the step before' },
        step.sincePreviousMicroseconds === null ? format.DASH : `+${format.micros(step.sincePreviousMicroseconds)}`),
      h('div', null, h('strong', null, step.title), step.detail ? h('span', { class: 'detail' }, step.detail) : null)))));
}
