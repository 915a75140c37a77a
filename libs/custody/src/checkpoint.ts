import { canonicalJson, type JsonObject } from './canonical-json.ts'
import { domain, sha256 } from './digest.ts'
import type { PublicKey, SigningKey } from './signing-key.ts'

/** The state of the log that a signature fixes. */
export interface CheckpointBody extends JsonObject {
  readonly v: 1
  readonly epoch: string
  /** Number of entries in the log. */
  readonly count: number
  /** Hash of the last entry, in hex. */
  readonly head: string
  /** Number of entries at the previous checkpoint; 0 for the first one. */
  readonly since: number
  /** Merkle root (RFC 6962) over the hashes of the entries `since + 1` to `count`, in hex. */
  readonly root: string
  /** Hash of the previous checkpoint's body, in hex; null for the first one. */
  readonly previous: string | null
  readonly at: string
  /** Fingerprint of the key that signed it. */
  readonly key: string
}

export interface Checkpoint {
  /** The body as canonical JSON: the exact text that was signed. */
  readonly body: string
  readonly signature: Uint8Array
}

const CHECKPOINT = domain('checkpoint')

export function signCheckpoint(key: SigningKey, body: Omit<CheckpointBody, 'v' | 'key'>): Checkpoint {
  const text = canonicalJson({ ...body, v: 1, key: key.publicKey.fingerprint })
  return { body: text, signature: key.sign(signedBytes(text)) }
}

export function isSignedBy(key: PublicKey, { body, signature }: Checkpoint): boolean {
  return key.verify(signedBytes(body), signature)
}

/** Identifies a checkpoint in the one after it, in hex. */
export function checkpointHash({ body }: Pick<Checkpoint, 'body'>): string {
  return sha256(signedBytes(body)).toString('hex')
}

function signedBytes(body: string): Buffer {
  return Buffer.concat([CHECKPOINT, Buffer.from(body)])
}

/** @returns undefined if the text is not the canonical JSON of a checkpoint's body */
export function parseCheckpoint(text: string): CheckpointBody | undefined {
  try {
    const body = JSON.parse(text) as CheckpointBody
    return isBody(body) && canonicalJson(body) === text ? body : undefined
  } catch {
    return undefined
  }
}

function isBody(value: unknown): value is CheckpointBody {
  if (typeof value !== 'object' || value === null) return false
  const body = value as { readonly [Name in keyof CheckpointBody]: unknown }
  const { count, since, previous } = body
  return (
    body.v === 1 &&
    Number.isSafeInteger(count) &&
    Number.isSafeInteger(since) &&
    Number(since) < Number(count) &&
    (previous === null || typeof previous === 'string') &&
    [body.epoch, body.head, body.root, body.at, body.key].every((text) => typeof text === 'string')
  )
}
