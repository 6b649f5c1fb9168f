// @ts-check

/**
 * The proof that nothing in a timeline was altered, as far as a page can tell.
 *
 * The hashes cover salted values that the browser does not get, so the server checks the chain;
 * the page holds the server's verdict against what it shows itself: the last link must be the
 * one on screen, and no number may be missing between the events it has.
 */

/** @import { TimelineEvent, Verdict } from '../cases/contract.js' */

/**
 * @param {Verdict} verdict
 * @param {{ seq: number, hash: string }} chain  As the page got it.
 * @param {TimelineEvent[]} events  Newest first, unfiltered.
 * @returns {{ state: 'intact' | 'altered' | 'moved', firstAltered?: number, events?: number }}
 *   `moved`: the case has grown since the page was read, so there is nothing to compare yet.
 */
export function judge(verdict, chain, events) {
  if (!verdict.ok) return { state: 'altered', firstAltered: verdict.first_altered }
  if ((verdict.events ?? 0) > chain.seq) return { state: 'moved' }
  const newest = events[0]
  const sameHead = verdict.head === chain.hash && (newest === undefined || newest.hash === chain.hash)
  if (!sameHead || verdict.events !== chain.seq) return { state: 'altered', firstAltered: newest?.seq ?? chain.seq }
  const gap = firstGap(events)
  return gap === null
    ? { state: 'intact', events: verdict.events }
    : { state: 'altered', firstAltered: gap }
}

/**
 * @param {TimelineEvent[]} events  Newest first.
 * @returns {number | null}  The number that should be there and is not.
 */
function firstGap(events) {
  for (let index = 1; index < events.length; index += 1) {
    const expected = events[index - 1].seq - 1
    if (events[index].seq !== expected) return expected
  }
  return null
}
