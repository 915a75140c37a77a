import { createHash } from 'node:crypto'
import type { DocumentNode } from 'graphql'

/** All documents together, by a generous estimate of their syntax trees. */
const MAX_BYTES = 32 * 1024 ** 2
/** A token of the text, with the node that is made of it. */
const BYTES_PER_TOKEN = 600

interface Entry {
  readonly document: DocumentNode
  readonly bytes: number
}

/**
 * The valid documents that were sent lately, by the digest of their text. Everything that is derived from a document
 * (its scopes, its compiled form) hangs on the document and goes with it, so this bounds all of it.
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
    // Moved to the end: the first entries are those that were used longest ago.
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
