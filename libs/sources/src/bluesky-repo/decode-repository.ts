import { createHash } from 'node:crypto'
import { CarBlockIterator } from '@ipld/car'
import { decode } from '@ipld/dag-cbor'
import type { JsonObject, JsonValue } from '@mediakeep/plugin-api'
import { CID } from 'multiformats/cid'
import { RepositoryError } from './repository-error.ts'
import { parseTreeNode, type TreeEntry, type TreeNode } from './tree-node.ts'

/** A record of a repository, as the item of a `car` file. */
export interface RepositoryRecord extends JsonObject {
  did: string
  /** `app.bsky.feed.post` */
  collection: string
  rkey: string
  cid: string
  /** The whole post; of other records the `$type` alone, because they are only counted. */
  record: JsonObject
}

const POST = 'app.bsky.feed.post'
/** Blocks come in any order, and a tree may have earlier versions, so posts wait for the end of the file. */
const MAX_POST_BYTES = 256 * 1024 * 1024

/**
 * Reads a Bluesky repository (`com.atproto.sync.getRepo`) in one pass, compares each block with its digest, and then
 * gives the records of the current tree in the order of their keys.
 *
 * @throws RepositoryError if the file is no repository, is changed, or has too many posts; after the records that it
 * does have, if blocks are missing
 */
export async function* decodeRepository(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<RepositoryRecord> {
  const blocks = await open(bytes)
  const root = String((await blocks.getRoots())[0])
  const nodes = new Map<string, TreeNode>()
  const records = new Map<string, Uint8Array | string>()
  let commit: Commit | undefined
  let postBytes = 0
  for await (const { cid, bytes: block } of verified(blocks)) {
    const key = String(cid)
    const value = decodeBlock(key, block)
    if (key === root) {
      commit = parseCommit(value)
      continue
    }
    const node = parseTreeNode(value)
    if (node) nodes.set(key, node)
    else {
      const type = typeOf(value)
      records.set(key, type === POST ? block : type)
      if (type === POST) postBytes += block.length
      if (postBytes > MAX_POST_BYTES) throw new RepositoryError(`more than ${MAX_POST_BYTES} bytes of posts`)
    }
  }
  if (!commit) throw new RepositoryError('the repository has no commit: its root block is missing')

  let missing = 0
  const next: TreeEntry[] = [{ cid: commit.tree }]
  for (let entry = next.pop(); entry; entry = next.pop()) {
    const { key, cid } = entry
    const record = key === undefined ? undefined : records.get(cid)
    const node = key === undefined ? nodes.get(cid) : undefined
    if (node) next.push(...node.toReversed())
    else if (record === undefined) missing++
    else yield named(commit.did, key!, cid, record)
  }
  if (missing > 0) throw new RepositoryError(`${missing} blocks are missing: the file is truncated or a part`)
}

function named(did: string, key: string, cid: string, block: Uint8Array | string): RepositoryRecord {
  const [collection = '', rkey = ''] = key.split('/')
  const record =
    typeof block === 'string' ? { $type: block } : (toJson(decodeBlock(cid, block)) as JsonObject)
  return { did, collection, rkey, cid, record }
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

interface Commit {
  readonly did: string
  readonly tree: string
}

function parseCommit(value: unknown): Commit {
  const { did, data } = (value ?? {}) as { did?: unknown; data?: unknown }
  const tree = CID.asCID(data)
  if (typeof did === 'string' && did.startsWith('did:') && tree) return { did, tree: String(tree) }
  throw new RepositoryError('the root of the CAR file is not the commit of a repository')
}

function typeOf(record: unknown): string {
  const { $type } = (record ?? {}) as { $type?: unknown }
  return typeof $type === 'string' ? $type : ''
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
