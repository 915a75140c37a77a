import { expect, test } from 'vitest'
import {
  consistencyProof,
  inclusionProof,
  isConsistent,
  isIncluded,
  merkleRoot,
  openMerkleBuilder,
} from './merkle.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (text: string): Buffer => Buffer.from(text, 'hex')

/** Leaves, roots and proofs of the reference implementation of Certificate Transparency (merkletree tests). */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(bytes)
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const A = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7'
const B = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e'
const C = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'
const D = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'
const E = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0'
const F = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a'

test('roots are those of the published vectors', () => {
  expect(hex(merkleRoot([]))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  const tree = openMerkleBuilder()
  for (const [index, root] of ROOTS.entries()) {
    tree.add(LEAVES[index]!)
    expect([tree.size, hex(tree.root())]).toEqual([index + 1, root])
    expect(hex(merkleRoot(LEAVES.slice(0, index + 1)))).toBe(root)
  }
})

test.each([
  [0, 1, []],
  [0, 8, [A, B, C]],
  [5, 8, [D, E, ROOTS[3]!]],
  [2, 3, [ROOTS[1]!]],
  [1, 5, [ROOTS[0]!, B, D]],
])('the proof of leaf %i of %i is that of the published vectors', (index, size, proof) => {
  expect(inclusionProof(LEAVES.slice(0, size), index).map(hex)).toEqual(proof)
  expect(isIncluded(LEAVES[index]!, { index, size, proof: proof.map(bytes) }, bytes(ROOTS[size - 1]!))).toBe(
    true,
  )
})

test.each([
  [1, 1, []],
  [1, 8, [A, B, C]],
  [6, 8, [F, E, ROOTS[3]!]],
  [2, 5, [B, D]],
])('the proof that a tree of %i grew to %i is that of the published vectors', (older, newer, proof) => {
  expect(consistencyProof(LEAVES.slice(0, newer), older).map(hex)).toEqual(proof)
})

const MANY = Array.from({ length: 40 }, (_, index) => Buffer.from([index]))

test('every leaf of every tree up to 40 is proved, and for no other leaf, position, size or root', () => {
  for (let size = 1; size <= MANY.length; size++) {
    const leaves = MANY.slice(0, size)
    const root = merkleRoot(leaves)
    for (const [index, leaf] of leaves.entries()) {
      const proof = inclusionProof(leaves, index)
      expect(isIncluded(leaf, { index, size, proof }, root)).toBe(true)
      expect(isIncluded(Buffer.from([99]), { index, size, proof }, root)).toBe(false)
      expect(isIncluded(leaf, { index: size, size, proof }, root)).toBe(false)
      expect(isIncluded(leaf, { index, size, proof: [...proof, root] }, root)).toBe(false)
      expect(isIncluded(leaf, { index, size, proof }, merkleRoot([...leaves, leaf]))).toBe(false)
      if (size > 1) {
        expect(isIncluded(leaf, { index: (index + 1) % size, size, proof }, root)).toBe(false)
        expect(isIncluded(leaf, { index, size, proof: proof.slice(1) }, root)).toBe(false)
      }
    }
  }
})

test('every growth up to 40 leaves is proved, and no tree with another beginning', () => {
  for (let size = 1; size <= MANY.length; size++) {
    const newer = { size, root: merkleRoot(MANY.slice(0, size)) }
    for (let old = 1; old <= size; old++) {
      const older = { size: old, root: merkleRoot(MANY.slice(0, old)) }
      const proof = consistencyProof(MANY.slice(0, size), old)
      const other = { size: old, root: merkleRoot([...MANY.slice(1, old), Buffer.from([99])]) }
      expect(isConsistent(older, newer, proof)).toBe(true)
      expect(isConsistent(other, newer, proof)).toBe(false)
      expect(isConsistent(older, { size, root: other.root }, proof)).toBe(false)
      expect(isConsistent(older, newer, [...proof, other.root])).toBe(false)
      if (proof.length > 0) expect(isConsistent(older, newer, proof.slice(1))).toBe(false)
    }
  }
})

test('there is no proof of what is not in the tree', () => {
  expect(() => inclusionProof(MANY, 40)).toThrow('There is no leaf 40 in a tree of 40.')
  expect(() => consistencyProof(MANY, 41)).toThrow('does not begin with one of 41')
})
