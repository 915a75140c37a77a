const ENTITIES = /&(?:amp|lt|gt|quot|apos|#(\d{1,7})|#x([\da-f]{1,6}));/gi
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
/** The page may have escaped a URL once, and each program that copied it may have escaped it again. */
const MAX_LAYERS = 3

/**
 * Replaces the HTML entities in a URL that was copied from a page: `?e=1&amp;t=2` becomes `?e=1&t=2`. The
 * import does so with every URL that a source format returns. A URL without entities is returned unchanged.
 */
export function unescapeUrl(url: string): string {
  let text = url
  for (let layer = 0; layer < MAX_LAYERS && text.includes('&'); layer++) {
    const unescaped = text.replace(ENTITIES, replaceEntity)
    if (unescaped === text) break
    text = unescaped
  }
  return text
}

function replaceEntity(entity: string, decimal?: string, hex?: string): string {
  if (decimal === undefined && hex === undefined) return NAMED[entity.slice(1, -1).toLowerCase()] ?? entity
  const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal)
  // Only numeric entities for printable ASCII belong in a URL.
  return code > 0x20 && code < 0x7f ? String.fromCharCode(code) : entity
}
