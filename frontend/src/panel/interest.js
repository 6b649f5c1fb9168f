// @ts-check

/** The worked example of the interest policy: the same formula as `chalicelib/domain/interest.py`. */

/** @import { Moratory } from '../core/contract.js' */

const PPM = 1_000_000n

/**
 * Simple default interest on an overdue principal nobody has paid into.
 *
 * @param {number} principalMinor
 * @param {number} daysPastDue
 * @param {Moratory} policy
 * @returns {{ days: number, minor: bigint, capped: boolean }}  `days`: those that accrue.
 */
export function moratoryInterest(principalMinor, daysPastDue, policy) {
  const days = Math.max(0, Math.trunc(daysPastDue) - policy.grace_days)
  const divisor = PPM * BigInt(policy.day_count)
  const numerator = BigInt(principalMinor) * BigInt(days) * BigInt(policy.annual_rate_ppm)
  const plain = (2n * numerator + divisor) / (2n * divisor) // half up
  const cap = policy.cap_ppm === null ? null : (BigInt(principalMinor) * BigInt(policy.cap_ppm)) / PPM
  const capped = cap !== null && plain > cap
  return { days, minor: capped ? cap : plain, capped }
}
