const MIB = 1024 ** 2
const FREE = Buffer.from([0, 0, 0, 8, ...Buffer.from('free')])

/** Returns 20 MiB that begin as an MP4 and consist of the smallest boxes there are. Each `n` gives other bytes. */
export function hostileVideo(n: number): Buffer {
  const head = Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from('ftypisom', 'latin1'),
    Buffer.from([0, 0, 2, n]),
    Buffer.from('isommp41', 'latin1'),
  ])
  return Buffer.concat([head, Buffer.alloc(20 * MIB, FREE)])
}
