// @ts-check

/** Looks again and again at something that moves by itself, no oftener than is useful. */

/**
 * @template T
 * @typedef {object} PollParts
 * @property {() => Promise<T>} look
 * @property {(seen: T) => void} onSeen
 * @property {(error: unknown, failures: number) => void} onMissed  A look got no answer.
 * @property {(facts: { seen: T, hidden: boolean, looks: number, failures: number }) => number | null} delay
 *   Milliseconds to the next look; null: nothing more to see.
 * @property {Pick<Document, 'hidden' | 'addEventListener' | 'removeEventListener'>} page
 * @property {(work: () => void, ms: number) => number} [later]
 * @property {(timer: number) => void} [forget]
 */

/** @template T */
export class Poll {
  #parts
  #later
  #forget
  /** @type {T | undefined} */
  #seen
  #looks = 0
  #failures = 0
  /** @type {number | null} */
  #timer = null
  #running = false
  /** Answers to looks that began before this one are stale. */
  #turn = 0

  /** @param {PollParts<T>} parts */
  constructor(parts) {
    this.#parts = parts
    this.#later = parts.later ?? ((work, ms) => window.setTimeout(work, ms))
    this.#forget = parts.forget ?? ((timer) => window.clearTimeout(timer))
  }

  /** Begin from something just seen, such as the answer to a button; restarts a running poll. @param {T} seen */
  start(seen) {
    this.#seen = seen
    this.#looks = 0
    this.#failures = 0
    this.#turn += 1
    if (!this.#running) this.#parts.page.addEventListener('visibilitychange', this.#visible)
    this.#running = true
    this.#schedule()
  }

  stop() {
    this.#running = false
    this.#turn += 1
    this.#clear()
    this.#parts.page.removeEventListener('visibilitychange', this.#visible)
  }

  /** A reader who comes back sees how things stand now. */
  #visible = () => {
    if (!this.#parts.page.hidden && this.#timer !== null) void this.#look()
  }

  #schedule() {
    this.#clear()
    const delay = this.#parts.delay({
      seen: /** @type {T} */ (this.#seen), hidden: this.#parts.page.hidden,
      looks: this.#looks, failures: this.#failures,
    })
    if (delay === null) this.stop()
    else this.#timer = this.#later(() => void this.#look(), delay)
  }

  async #look() {
    this.#clear()
    const turn = ++this.#turn
    try {
      const seen = await this.#parts.look()
      if (turn !== this.#turn) return
      this.#looks += 1
      this.#failures = 0
      this.#seen = seen
      this.#parts.onSeen(seen)
    } catch (error) {
      if (turn !== this.#turn) return
      this.#failures += 1
      this.#parts.onMissed(error, this.#failures)
    }
    if (this.#running && turn === this.#turn) this.#schedule()
  }

  #clear() {
    if (this.#timer !== null) this.#forget(this.#timer)
    this.#timer = null
  }
}
