import { canonicalJson, type JsonObject } from './canonical-json.ts'
import { DIGEST_BYTES, domain, sha256 } from './digest.ts'

/**
 * Everything that the chain says about one entry. It holds random ids, times, digests of bytes, codes and salted
 * commitments only: no URL, name or text, because nothing in the chain can ever be erased.
 */
export interface EntryRecord extends JsonObject {
  readonly v: 1
  /** Position in the log, from 1, without gaps. */
  readonly number: number
  /** Which history of the log it belongs to; changes when a restore or a failover lost entries. */
  readonly epoch: string
  /** By the database's clock, in UTC with microseconds: `2026-11-30T12:00:00.000000Z`. */
  readonly at: string
  readonly kind: string
  /** `media:<id>`, `content:<SHA-256>`, `post:<id>`, `log` or `keys`. */
  readonly subject: string
  readonly actor: JsonObject
  readonly details: JsonObject
  /** Commitment to each value that is kept beside the chain, by the value's name. */
  readonly commitments: Readonly<Record<string, string>>
}

/** An entry as it is stored: the exact text that was hashed, and the hashes that chain it. */
export interface ChainedEntry {
  readonly number: number
  /** The record as canonical JSON. */
  readonly payload: string
  readonly prevHash: Uint8Array
  readonly hash: Uint8Array
}

/** The previous hash of the first entry. */
export const NO_ENTRY: Uint8Array = Buffer.alloc(DIGEST_BYTES)

const ENTRY = domain('entry')

export function entryHash(prevHash: Uint8Array, payload: string): Buffer {
  return sha256(ENTRY, prevHash, Buffer.from(payload))
}

/** Appends a record to the chain that ends with `prevHash`. */
export function chainEntry(prevHash: Uint8Array, record: EntryRecord): ChainedEntry {
  const payload = canonicalJson(record)
  return { number: record.number, payload, prevHash, hash: entryHash(prevHash, payload) }
}

/**
 * Reads a payload.
 *
 * @returns undefined if the text is not the canonical JSON of an entry record
 */
export function parseRecord(payload: string): EntryRecord | undefined {
  try {
    const record = JSON.parse(payload) as EntryRecord
    return isRecord(record) && canonicalJson(record) === payload ? record : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is EntryRecord {
  if (!isObject(value)) return false
  const texts = [value.epoch, value.at, value.kind, value.subject]
  return (
    value.v === 1 &&
    Number.isSafeInteger(value.number) &&
    texts.every((text) => typeof text === 'string') &&
    [value.actor, value.details, value.commitments].every(isObject)
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
