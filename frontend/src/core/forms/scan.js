// @ts-check

/** Read a bar code with the camera, in browsers that can. Loaded when asked for. */

import { t } from '../i18n.js'
import { openDialog } from '../ui/dialog.js'
import { html } from '../view.js'

const EVERY_MS = 200

/**
 * @returns {Promise<string | null>}  What the code says; null when the agent closed the camera.
 * @throws {DOMException}  There is no camera, or it may not be used.
 */
export async function scan() {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
  // @ts-expect-error -- not in every browser, nor in TypeScript's list.
  const detector = new BarcodeDetector()
  let open = true
  const done = openDialog({
    title: t('filling.scan'),
    body: (handle) => {
      queueMicrotask(() => watch(detector, stream, () => open, handle.close))
      return html`<div class="dialog-body"><video class="ask-video" autoplay muted playsinline .srcObject=${stream}></video></div>`
    },
  })
  try {
    return (await done) ?? null
  } finally {
    open = false
    for (const track of stream.getTracks()) track.stop()
  }
}

/**
 * @param {{ detect: (source: CanvasImageSource) => Promise<{ rawValue: string }[]> }} detector
 * @param {MediaStream} stream
 * @param {() => boolean} isOpen
 * @param {(code: string) => void} close
 */
async function watch(detector, stream, isOpen, close) {
  const video = [...document.querySelectorAll('video')].find((one) => one.srcObject === stream)
  while (video && isOpen()) {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const [code] = await detector.detect(video)
      if (code !== undefined && isOpen()) return close(code.rawValue)
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
  }
  return undefined
}
