import { crc32, deflateRawSync } from 'node:zlib'

/** A member of an archive that is built byte by byte; every field may lie. */
export interface ZipMember {
  readonly name: string | Buffer
  readonly bytes?: Buffer | string
  readonly flags?: number
  readonly method?: number
  readonly crc?: number
  readonly byteSize?: number
  readonly compressedSize?: number
  /** Unix mode: `0o120777` is a symbolic link. */
  readonly mode?: number
  readonly extra?: Buffer
  /** The data of an earlier member instead of its own. */
  readonly headerAt?: number
  /** Sizes and position go into the Zip64 field. */
  readonly zip64?: boolean
}

const UTF8 = 0x800
const MAX = 0xffffffff

export function buildZip(members: readonly ZipMember[], options: { readonly zip64?: boolean } = {}): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  const add = (part: Buffer): void => {
    parts.push(part)
    at += part.length
  }
  for (const member of members) {
    const name = Buffer.isBuffer(member.name) ? member.name : Buffer.from(member.name)
    const bytes = Buffer.from(member.bytes ?? '')
    const { method = 8, flags = UTF8, mode = 0o100644, crc = crc32(bytes), zip64 = false } = member
    const data = method === 8 ? deflateRawSync(bytes) : bytes
    const headerAt = member.headerAt ?? at
    const sizes = [member.compressedSize ?? data.length, member.byteSize ?? bytes.length] as const
    const extra = Buffer.concat([
      member.extra ?? Buffer.alloc(0),
      zip64 ? zip64Field(sizes, headerAt) : Buffer.alloc(0),
    ])
    directory.push(centralHeader({ name, flags, method, crc, sizes, mode, extra, headerAt, zip64 }))
    if (member.headerAt === undefined)
      add(Buffer.concat([localHeader(name, flags, method, crc, sizes), name, data]))
  }
  const start = at
  for (const header of directory) add(header)
  const size = at - start
  if (options.zip64) add(zip64End(members.length, size, start, at))
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(options.zip64 ? 0xffff : members.length, 8)
  end.writeUInt16LE(options.zip64 ? 0xffff : members.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(options.zip64 ? MAX : start, 16)
  return Buffer.concat([...parts, end])
}

type Sizes = readonly [compressed: number, whole: number]

function localHeader(name: Buffer, flags: number, method: number, crc: number, sizes: Sizes): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(flags, 6)
  header.writeUInt16LE(method, 8)
  header.writeUInt32LE(crc, 14)
  header.writeUInt32LE(sizes[0], 18)
  header.writeUInt32LE(sizes[1], 22)
  header.writeUInt16LE(name.length, 26)
  return header
}

interface Central {
  readonly name: Buffer
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly sizes: Sizes
  readonly mode: number
  readonly extra: Buffer
  readonly headerAt: number
  readonly zip64: boolean
}

function centralHeader(member: Central): Buffer {
  const header = Buffer.alloc(46)
  const limited = (value: number): number => (member.zip64 ? MAX : value)
  header.writeUInt32LE(0x02014b50)
  header.writeUInt16LE(0x031e, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(member.flags, 8)
  header.writeUInt16LE(member.method, 10)
  header.writeUInt32LE(member.crc, 16)
  header.writeUInt32LE(limited(member.sizes[0]), 20)
  header.writeUInt32LE(limited(member.sizes[1]), 24)
  header.writeUInt16LE(member.name.length, 28)
  header.writeUInt16LE(member.extra.length, 30)
  header.writeUInt32LE((member.mode << 16) >>> 0, 38)
  header.writeUInt32LE(limited(member.headerAt), 42)
  return Buffer.concat([header, member.name, member.extra])
}

function zip64Field([compressed, whole]: Sizes, headerAt: number): Buffer {
  const field = Buffer.alloc(28)
  field.writeUInt16LE(1)
  field.writeUInt16LE(24, 2)
  field.writeBigUInt64LE(BigInt(whole), 4)
  field.writeBigUInt64LE(BigInt(compressed), 12)
  field.writeBigUInt64LE(BigInt(headerAt), 20)
  return field
}

function zip64End(count: number, size: number, start: number, at: number): Buffer {
  const record = Buffer.alloc(56 + 20)
  record.writeUInt32LE(0x06064b50)
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(BigInt(count), 24)
  record.writeBigUInt64LE(BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(BigInt(start), 48)
  record.writeUInt32LE(0x07064b50, 56)
  record.writeBigUInt64LE(BigInt(at), 64)
  record.writeUInt32LE(1, 72)
  return record
}
