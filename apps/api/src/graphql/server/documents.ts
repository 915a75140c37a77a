import { createHash } from 'node:crypto'
import type { DocumentNode } from 'graphql'

/** Limit for all cached documents together, by a generous estimate of their syntax trees. */
const MAX_BYTES = 32 * 1024 ** 2
/** Estimated memory per token of the text, including its syntax node. */
const BYTES_PER_TOKEN = 600

interface Entry {
  readonly document: DocumentNode
  readonly bytes: number
}

/**
 * Recently used valid documents, by the digest of their text. Everything derived from a document (its scopes, its
 * compiled form) is attached to the document and evicted with it, so this limits all of it.
 */
export class Documents {
  readonly #entries = new Map<string, Entry>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get(text: string): DocumentNode | undefined {
    const key = keyOf(text)
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    // Move the entry to the end: the first entries are the least recently used.
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry.document
  }

  add(text: string, document: DocumentNode): void {
    const key = keyOf(text)
    if (this.#entries.has(key)) return
    const bytes = 2 * text.length + BYTES_PER_TOKEN * (document.tokenCount ?? text.length)
    this.#entries.set(key, { document, bytes })
    this.#bytes += bytes
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return
      this.#entries.delete(oldest)
      this.#bytes -= entry.bytes
    }
  }
}

function keyOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
