// @ts-check

import { isAbort } from './api.js'
import { loadRefusals } from './i18n.js'
import { asProblem } from './problem.js'
import { toast } from './ui/toast.js'

/**
 * A press that came to nothing, and whose own code says nothing about it: never silence. That it was
 * not said where it belongs is a fault of ours, and stays one for the console and error monitors.
 */
export function tellWhatNobodyTold() {
  window.addEventListener('unhandledrejection', async (event) => {
    const { reason } = event
    if (isAbort(reason)) return event.preventDefault()
    await loadRefusals()
    toast(asProblem(reason).text, 'bad')
  })
}
