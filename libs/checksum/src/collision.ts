/** Two contents with the same MD5, for tests; by Wang, Feng, Lai and Yu, 2004 (https://eprint.iacr.org/2004/199). */
const FIRST = `
d131dd02c5e6eec4693d9a0698aff95c2fcab58712467eab4004583eb8fb7f8955ad340609f4b30283e488832571415a
085125e8f7cdc99fd91dbdf280373c5bd8823e3156348f5bae6dacd436c919c6dd53e2b487da03fd02396306d248cda0
e99f33420f577ee8ce54b67080a80d1ec69821bcb6a8839396f9652b6ff72a70`.replaceAll('\n', '')

/** Offsets where the second differs from the first, in the top bit of the byte. */
const FLIPPED = [19, 45, 59, 83, 109, 123]

export const COLLISION_MD5 = '79054025255fb1a26e4bc422aef54eb4'

export function collisionPair(): [Buffer, Buffer] {
  const first = Buffer.from(FIRST, 'hex')
  const second = Buffer.from(first)
  for (const index of FLIPPED) second.writeUInt8(second.readUInt8(index) ^ 0x80, index)
  return [first, second]
}
