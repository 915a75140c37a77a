const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}
const ENTITY = /&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7})|#x([\da-f]{1,6}));/gi

/** Replaces HTML's entities in a text, once. */
export function unescapeHtml(text: string): string {
  return text.replace(ENTITY, (entity, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()]!
    const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
      ? String.fromCodePoint(code)
      : entity
  })
}

/** The text of simple HTML, as posts of the fediverse have it: paragraphs, line breaks, links, lists. */
export function htmlText(html: string): string {
  const lines = html
    .replace(/\s+/g, ' ')
    .replace(/<br\s*\/?>\s*/gi, '\n')
    .replace(/<\/(?:p|div|blockquote|ul|ol|h\d|pre)>\s*/gi, '\n\n')
    .replace(/<\/li>\s*/gi, '\n')
    .replace(/<[^<>]*>/g, '')
  return unescapeHtml(lines)
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
