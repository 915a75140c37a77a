import { createHash } from 'node:crypto'
import { CarWriter } from '@ipld/car'
import { encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'

export interface Block {
  readonly cid: CID
  readonly bytes: Uint8Array
}

const DAG_CBOR = 0x71
const RAW = 0x55
const SHA2_256 = 0x12

function cidOf(bytes: Uint8Array, codec = RAW): CID {
  return CID.createV1(codec, create(SHA2_256, createHash('sha256').update(bytes).digest()))
}

function blockOf(value: unknown): Block {
  const bytes = encode(value)
  return { cid: cidOf(bytes, DAG_CBOR), bytes }
}

/** Builds a repository of one tree node: its root, and the commit, the node and the records as blocks in this order. */
export function buildRepository(
  did: string,
  records: Readonly<Record<string, unknown>>,
): { root: CID; blocks: Block[] } {
  const named = Object.entries(records).sort(([a], [b]) => (a < b ? -1 : 1))
  const blocks = named.map(([, record]) => blockOf(record))
  let previous = ''
  const entries = named.map(([key], index) => {
    const shared = sharedPrefix(previous, key)
    previous = key
    return { p: shared, k: new TextEncoder().encode(key.slice(shared)), v: blocks[index]!.cid, t: null }
  })
  const node = blockOf({ l: null, e: entries })
  const commit = blockOf({
    did,
    version: 3,
    data: node.cid,
    rev: '3kabcdefghij2',
    prev: null,
    sig: new Uint8Array(64),
  })
  return { root: commit.cid, blocks: [commit, node, ...blocks] }
}

function sharedPrefix(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

/** Writes blocks as a CAR file. */
export async function writeCar(root: CID, blocks: readonly Block[]): Promise<Uint8Array> {
  const { writer, out } = CarWriter.create([root])
  const parts: Promise<Uint8Array[]> = Array.fromAsync(out)
  for (const block of blocks) await writer.put(block)
  await writer.close()
  return Buffer.concat(await parts)
}
