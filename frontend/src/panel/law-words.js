// @ts-check

import { tOr } from '../core/i18n.js'

/**
 * An article as the reader's language has it. Most are citations, the same everywhere; what a
 * pack adds in English ("by caution", "no rule found") is said in words of the area `law`.
 *
 * @param {string} article  As the decision or the pack gives it.
 */
export function lawWords(article) {
  return tOr(`law.${article}`, article)
}
