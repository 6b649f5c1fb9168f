// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decimalsOf, formatForInput, formatMoney, formatMoneyShort, parseMoney, parseScaled, toDecimal } from '../src/core/money.js'

/** Intl separates with spaces of several kinds; what is read is what is compared. @param {string} text */
const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ')

test('minor units become a decimal text, exactly', () => {
  assert.equal(toDecimal({ minor: 5, currency: 'MXN' }), '0.05')
  assert.equal(toDecimal({ minor: -123450, currency: 'MXN' }), '-1234.50')
  assert.equal(toDecimal({ minor: 48500, currency: 'CLP' }), '48500')
  assert.equal(toDecimal({ minor: 385_712_345, currency: 'CLF' }), '38571.2345')
})

test('an amount no float can hold is written to the cent', () => {
  const money = { minor: '9007199254740993111', currency: 'MXN' }
  assert.equal(toDecimal(money), '90071992547409931.11')
  assert.equal(formatMoney(money, 'es-MX'), '$90,071,992,547,409,931.11')
})

test('money is written as its country writes it', () => {
  assert.equal(plain(formatMoney({ minor: 123456, currency: 'COP' }, 'es-CO')), '$ 1.234,56')
  assert.equal(plain(formatMoney({ minor: 123456, currency: 'BRL' }, 'pt-BR')), 'R$ 1.234,56')
  assert.equal(plain(formatMoney({ minor: 123456, currency: 'MXN' }, 'es-MX', { code: true })), 'MXN 1,234.56')
  assert.equal(formatMoney({ minor: 123456, currency: 'MXN' }, 'es-MX', { whole: true }), '$1,235')
  assert.equal(decimalsOf('PYG'), 0)
})

test('the short form says thousands and millions', () => {
  assert.match(formatMoneyShort({ minor: 1_284_530_275, currency: 'MXN' }, 'es-MX'), /12\.8/)
})

test('amounts are read as people type them', () => {
  for (const typed of ['1234.50', '1,234.50', '$1,234.50', ' 1 234.50 ', '1.234,50', '1234,5', "1'234.50"]) {
    assert.equal(parseMoney(typed, 'MXN', 'es-MX'), 123450, typed)
  }
  assert.equal(parseMoney('1.234', 'CLP', 'es-CL'), 1234)
  assert.equal(parseMoney('57.603', 'COP', 'es-CO'), 5_760_300)
  assert.equal(parseMoney('-12', 'MXN', 'es-MX'), -1200)
})

test('three digits after a mark are read by the locale, which is what the field shows', () => {
  assert.equal(parseMoney('1.234', 'COP', 'es-CO'), 123400)
  assert.equal(parseMoney('1,234', 'MXN', 'es-MX'), 123400)
})

test('what is not clearly one amount is not guessed', () => {
  for (const typed of ['', 'cien', '1,2,3', '1.2345', '12.34.56', '1,23.456,7', '--5', '1.234.50']) {
    assert.equal(parseMoney(typed, 'MXN', 'es-MX'), null, typed)
  }
  assert.equal(parseMoney('10.50', 'CLP', 'es-CL'), null)
  assert.equal(parseMoney('99999999999999999999', 'MXN', 'es-MX'), null)
})

test('what a field shows is read back as the same amount', () => {
  for (const locale of ['es-MX', 'es-CO', 'es-CL', 'pt-BR', 'en-US', 'es-ES']) {
    for (const currency of ['MXN', 'CLP', 'CLF']) {
      for (const minor of [0, 1, 99, 100, 1234, 123456, 123456789, -123456]) {
        const shown = formatForInput({ minor, currency }, locale)
        assert.equal(parseMoney(shown, currency, locale), minor, `${shown} ${currency} ${locale}`)
      }
    }
  }
})

test('percentages are parts per million', () => {
  assert.equal(parseScaled('36', 4, 'es-MX'), 360000)
  assert.equal(parseScaled('36,5', 4, 'es-MX'), 365000)
  assert.equal(parseScaled('0.0001', 4, 'es-MX'), 1)
})
