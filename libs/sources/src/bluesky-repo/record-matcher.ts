import type { JsonObject } from '@mediakeep/plugin-api'
import { RepositoryError } from './repository-error.ts'
import type { TreeEntry } from './tree-node.ts'

export interface NamedRecord extends JsonObject {
  /** `app.bsky.feed.post` */
  collection: string
  rkey: string
  cid: string
  record: JsonObject
}

/** Servers write blocks in the order of their digests, so records come before the part of the tree that names them. */
const MAX_WAITING = 5_000_000

/**
 * Brings records and the names of the tree together; each waits for the other. A record that is equal to another one
 * under a second key is read once if that key comes after it.
 */
export class RecordMatcher {
  readonly #names = new Map<string, string[]>()
  readonly #records = new Map<string, JsonObject>()

  addNames(entries: readonly TreeEntry[]): NamedRecord[] {
    return entries.flatMap(({ key, cid }) => {
      const record = this.#records.get(cid)
      if (record) {
        this.#records.delete(cid)
        return [named(key, cid, record)]
      }
      const known = this.#names.get(cid)
      if (known) known.push(key)
      else this.#names.set(cid, [key])
      return []
    })
  }

  addRecord(cid: string, record: JsonObject): NamedRecord[] {
    const names = this.#names.get(cid)
    if (names) {
      this.#names.delete(cid)
      return names.map((key) => named(key, cid, record))
    }
    this.#records.set(cid, record)
    if (this.#records.size > MAX_WAITING) {
      throw new RepositoryError(`more than ${MAX_WAITING} records before the tree that names them`)
    }
    return []
  }
}

function named(key: string, cid: string, record: JsonObject): NamedRecord {
  const [collection = '', rkey = ''] = key.split('/')
  return { collection, rkey, cid, record }
}
