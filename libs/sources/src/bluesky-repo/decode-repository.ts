import { createHash } from 'node:crypto'
import { CarBlockIterator } from '@ipld/car'
import { decode } from '@ipld/dag-cbor'
import type { JsonObject, JsonValue } from '@mediakeep/plugin-api'
import { CID } from 'multiformats/cid'
import { RecordMatcher, type NamedRecord } from './record-matcher.ts'
import { RepositoryError } from './repository-error.ts'
import { parseTreeNode } from './tree-node.ts'

/** A record of a repository, as the item of a `car` file. */
export interface RepositoryRecord extends NamedRecord {
  did: string
}

/**
 * Reads the records of a Bluesky repository (`com.atproto.sync.getRepo`) in one pass, in any order of its blocks.
 * Compares each block with its digest. Records that are no posts have their `$type` alone: they are only counted.
 *
 * @throws RepositoryError if the file is truncated or changed, or has no commit
 */
export async function* decodeRepository(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RepositoryRecord> {
  const blocks = await open(bytes)
  const root = String((await blocks.getRoots())[0])
  const matcher = new RecordMatcher()
  let did: string | undefined
  let early: NamedRecord[] = []
  for await (const { cid, bytes: block } of verified(blocks)) {
    const key = String(cid)
    const value = decodeBlock(key, block)
    if (key === root) did = didOf(value)
    const node = key === root ? undefined : parseTreeNode(value)
    const found =
      key === root ? [] : node ? matcher.addNames(node.entries) : matcher.addRecord(key, toRecord(value))
    early.push(...found)
    if (did === undefined) continue
    for (const record of early) yield { did, ...record }
    early = []
  }
  if (did === undefined) throw new RepositoryError('the repository has no commit: its root block is missing')
}

const POST = 'app.bsky.feed.post'

function toRecord(value: unknown): JsonObject {
  const { $type } = (value ?? {}) as { $type?: unknown }
  return $type === POST ? (toJson(value) as JsonObject) : { $type: typeof $type === 'string' ? $type : '' }
}

async function open(bytes: AsyncIterable<Uint8Array>): Promise<CarBlockIterator> {
  try {
    return await CarBlockIterator.fromIterable(bytes)
  } catch (error) {
    throw new RepositoryError(`not a CAR file: ${messageOf(error)}`, { cause: error })
  }
}

async function* verified(blocks: CarBlockIterator): AsyncGenerator<{ cid: CID; bytes: Uint8Array }> {
  const iterator = blocks[Symbol.asyncIterator]()
  for (;;) {
    const next = await iterator.next().catch((error: unknown) => {
      throw new RepositoryError(`the CAR file is truncated or broken: ${messageOf(error)}`, { cause: error })
    })
    if (next.done) return
    const { cid, bytes } = next.value
    const digest = createHash('sha256').update(bytes).digest()
    if (!digest.equals(cid.multihash.digest)) {
      throw new RepositoryError(`block ${String(cid)} does not have the digest in its CID`)
    }
    yield { cid, bytes }
  }
}

function decodeBlock(key: string, block: Uint8Array): unknown {
  try {
    return decode(block)
  } catch (error) {
    throw new RepositoryError(`block ${key} is not DAG-CBOR: ${messageOf(error)}`, { cause: error })
  }
}

function didOf(commit: unknown): string {
  const { did } = (commit ?? {}) as { did?: unknown }
  if (typeof did === 'string' && did.startsWith('did:')) return did
  throw new RepositoryError('the root of the CAR file is not the commit of a repository')
}

/** The data model's JSON: links as `{"$link": "bafy…"}`, bytes as `{"$bytes": "base64"}`. */
function toJson(value: unknown): JsonValue {
  if (value === undefined || value === null) return null
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object') return value as JsonValue
  const link = CID.asCID(value)
  if (link) return { $link: String(link) }
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64').replace(/=+$/, '') }
  if (Array.isArray(value)) return value.map(toJson)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toJson(inner)]))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
