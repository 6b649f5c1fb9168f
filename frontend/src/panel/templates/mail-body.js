// @ts-check

/**
 * An e-mail's page, shown as a mail program shows it. It is built again from its parts: the
 * content policy refuses inline styles in HTML, and nothing that could run or fetch may come in.
 */

const TAGS = new Set(['P', 'A', 'UL', 'LI', 'STRONG', 'BR', 'TABLE', 'TBODY', 'TR', 'TD', 'DIV', 'SPAN'])

/**
 * @param {HTMLElement} host
 * @param {string} source  A whole HTML document.
 */
export function showMail(host, source) {
  const shadow = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  // The policy looks at what is parsed too, though it is never shown: styles wait under another name.
  const inert = source.replace(/<style>.*?<\/style>/gs, '').replaceAll(' style="', ' data-style="')
  const parsed = new DOMParser().parseFromString(inert, 'text/html')
  const page = document.createElement('div')
  page.style.cssText = parsed.body.dataset.style ?? ''
  page.append(...copies(parsed.body))
  shadow.replaceChildren(page)
}

/** @param {Node} parent @returns {Node[]} */
function copies(parent) {
  return [...parent.childNodes].flatMap(/** @returns {Node[]} */ (node) => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.textContent ?? '')]
    if (!(node instanceof HTMLElement) || !TAGS.has(node.tagName)) return []
    // A link is shown, not followed: it is made up, or somebody's.
    const copy = document.createElement(node.tagName === 'A' ? 'span' : node.tagName)
    copy.style.cssText = node.dataset.style ?? ''
    if (node.tagName === 'TABLE') copy.setAttribute('role', 'presentation')
    copy.append(...copies(node))
    return [copy]
  })
}
