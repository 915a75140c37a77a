const MIB = 1024 ** 2
const FREE = Buffer.from([0, 0, 0, 8, ...Buffer.from('free')])

/** 20 MB that begin as an MP4 and consist of the smallest boxes there are. */
export function hostileVideo(): Buffer {
  const head = Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from('ftypisom\x00\x00\x02\x00isommp41', 'latin1'),
  ])
  return Buffer.concat([head, Buffer.alloc(20 * MIB, FREE)])
}
