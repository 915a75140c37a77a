import { CID } from 'multiformats/cid'

/** A node of the Merkle search tree, which names the records of a repository. In the order of the keys. */
export type TreeNode = readonly TreeEntry[]

/** A record by its key, `collection/rkey`; or a further node, without one. */
export interface TreeEntry {
  readonly key?: string
  readonly cid: string
}

/** Returns the entries of a tree node, with the prefixes that they share put back; undefined for any other block. */
export function parseTreeNode(block: unknown): TreeNode | undefined {
  if (typeof block !== 'object' || block === null || !('e' in block) || !('l' in block)) return undefined
  if (!Array.isArray(block.e) || (block.l !== null && !CID.asCID(block.l))) return undefined
  const entries: TreeEntry[] = []
  const addNode = (link: unknown): void => {
    const cid = CID.asCID(link)
    if (cid) entries.push({ cid: String(cid) })
  }
  addNode(block.l)
  let previous = ''
  for (const entry of block.e as unknown[]) {
    const { p, k, v, t } = (entry ?? {}) as { p?: unknown; k?: unknown; v?: unknown; t?: unknown }
    const cid = CID.asCID(v)
    if (typeof p !== 'number' || !(k instanceof Uint8Array) || !cid) return undefined
    previous = previous.slice(0, p) + Buffer.from(k).toString()
    entries.push({ key: previous, cid: String(cid) })
    addNode(t)
  }
  return entries
}
