import { equalBytes, sha256 } from './digest.ts'

const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

/** Hash of a leaf as RFC 6962 section 2.1 defines it. */
function leafHash(data: Uint8Array): Buffer {
  return sha256(LEAF, data)
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(NODE, left, right)
}

/** A Merkle tree that grows by one leaf at a time and keeps only one hash per level. */
export interface MerkleBuilder {
  readonly size: number
  add(data: Uint8Array): void
  /** Root over all leaves so far. */
  root(): Buffer
}

export function openMerkleBuilder(): MerkleBuilder {
  /** Roots of the complete subtrees, largest first; their sizes are the bits of `size`. */
  const subtrees: Buffer[] = []
  let size = 0
  return {
    get size() {
      return size
    },
    add(data) {
      let hash = leafHash(data)
      for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2))
        hash = nodeHash(subtrees.pop()!, hash)
      subtrees.push(hash)
      size++
    },
    root() {
      return subtrees.length === 0
        ? sha256(Buffer.alloc(0))
        : subtrees.reduceRight((right, left) => nodeHash(left, right))
    },
  }
}

export function merkleRoot(leaves: Iterable<Uint8Array>): Buffer {
  const tree = openMerkleBuilder()
  for (const leaf of leaves) tree.add(leaf)
  return tree.root()
}

/** Largest power of two below `size`. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** Proof that leaf `index` (from 0) is in the tree over `leaves` (RFC 6962 section 2.1.1), lowest level first. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Buffer[] {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length)
    throw new RangeError(`There is no leaf ${index} in a tree of ${leaves.length}.`)
  if (leaves.length === 1) return []
  const split = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return index < split
    ? [...inclusionProof(left, index), merkleRoot(right)]
    : [...inclusionProof(right, index - split), merkleRoot(left)]
}

/** Proof that the tree over the first `oldSize` leaves is the beginning of that over all (section 2.1.2). */
export function consistencyProof(leaves: readonly Uint8Array[], oldSize: number): Buffer[] {
  if (!Number.isInteger(oldSize) || oldSize < 1 || oldSize > leaves.length)
    throw new RangeError(`A tree of ${leaves.length} leaves does not begin with one of ${oldSize}.`)
  return subproof(leaves, oldSize, true)
}

function subproof(leaves: readonly Uint8Array[], oldSize: number, isWhole: boolean): Buffer[] {
  if (oldSize === leaves.length) return isWhole ? [] : [merkleRoot(leaves)]
  const split = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)]
  return oldSize <= split
    ? [...subproof(left, oldSize, isWhole), merkleRoot(right)]
    : [...subproof(right, oldSize - split, false), merkleRoot(left)]
}

export interface Inclusion {
  readonly index: number
  readonly size: number
  readonly proof: readonly Uint8Array[]
}

/** Checks an inclusion proof (RFC 9162 section 2.1.3.2). */
export function isIncluded(data: Uint8Array, { index, size, proof }: Inclusion, root: Uint8Array): boolean {
  if (index < 0 || index >= size) return false
  let [node, last] = [index, size - 1]
  let hash = leafHash(data)
  for (const sibling of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else hash = nodeHash(hash, sibling)
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && equalBytes(hash, root)
}

interface Tree {
  readonly size: number
  readonly root: Uint8Array
}

/** Checks a consistency proof (RFC 9162 section 2.1.4.2): the newer tree begins with all leaves of the older one. */
export function isConsistent(older: Tree, newer: Tree, proof: readonly Uint8Array[]): boolean {
  if (older.size < 1 || older.size > newer.size) return false
  if (older.size === newer.size) return proof.length === 0 && equalBytes(older.root, newer.root)
  let [node, last] = [older.size - 1, newer.size - 1]
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  // A complete older tree is itself the first node of the path.
  const path = node === 0 ? [older.root, ...proof] : proof
  if (path.length === 0) return false
  let [oldHash, newHash] = [path[0]!, path[0]!]
  for (const sibling of path.slice(1)) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(sibling, oldHash)
      newHash = nodeHash(sibling, newHash)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else newHash = nodeHash(newHash, sibling)
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && equalBytes(oldHash, older.root) && equalBytes(newHash, newer.root)
}
