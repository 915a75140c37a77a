import { CID } from 'multiformats/cid'

export interface TreeEntry {
  /** `collection/rkey` */
  readonly key: string
  readonly cid: string
}

/** A node of the Merkle search tree, which names the records of a repository. */
export interface TreeNode {
  readonly entries: readonly TreeEntry[]
}

/** Returns the entries of a tree node, with the prefixes that they share put back; undefined for any other block. */
export function parseTreeNode(block: unknown): TreeNode | undefined {
  if (typeof block !== 'object' || block === null || !('e' in block) || !('l' in block)) return undefined
  if (!Array.isArray(block.e) || (block.l !== null && !CID.asCID(block.l))) return undefined
  const entries: TreeEntry[] = []
  let previous = ''
  for (const entry of block.e as unknown[]) {
    const { p, k, v } = (entry ?? {}) as { p?: unknown; k?: unknown; v?: unknown }
    const cid = CID.asCID(v)
    if (typeof p !== 'number' || !(k instanceof Uint8Array) || !cid) return undefined
    previous = previous.slice(0, p) + Buffer.from(k).toString()
    entries.push({ key: previous, cid: String(cid) })
  }
  return { entries }
}
