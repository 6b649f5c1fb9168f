// @ts-check

/**
 * Which of several questions is the newest. Answers come in any order: one of a portfolio, filter or
 * tab that the reader has left must not be painted over what was asked for since.
 *
 *     const ask = latest()
 *     const current = ask()
 *     const answer = await api.get(...)
 *     if (!current()) return
 *
 * @returns {() => () => boolean}  Begins a question, and tells later whether none was begun since.
 */
export function latest() {
  let newest = 0
  return () => {
    const own = ++newest
    return () => own === newest
  }
}
