// @ts-check

/** What waits to be sent, as it begins. */

/** @import { OutboxItem } from './types' */

/**
 * @param {Pick<OutboxItem, 'kind' | 'ref' | 'path'> & Partial<OutboxItem>} facts
 * @param {number} now
 * @returns {OutboxItem}
 */
export function waiting(facts, now) {
  return {
    visit_id: null, title: '', method: 'POST', text: '{}', headers: {}, made_at: new Date(now).toISOString(),
    state: 'waiting', tries: 0, next_at: 0, problem: null, ...facts,
  }
}
