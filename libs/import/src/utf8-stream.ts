/** A byte that is invalid in UTF-8: data that contains it is refused. */
const INVALID = Buffer.of(0xff)
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Converts a JSON file to UTF-8, from UTF-8 or UTF-16 of either byte order, with or without a BOM. */
export async function* utf8Stream(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let decode: ((chunk: Buffer) => Buffer) | undefined
  let head = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (decode) {
      yield decode(chunk)
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < 4) continue
    decode = decoderOf(head)
    yield decode(head)
  }
  if (!decode && head.length > 0) yield decoderOf(head)(head)
}

/** Decides by the BOM, or by the zero byte beside JSON's first character, which is ASCII (RFC 4627, section 3). */
function decoderOf(head: Buffer): (chunk: Buffer) => Buffer {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return without(3, (chunk) => chunk)
  if (head[0] === 0xff && head[1] === 0xfe) return without(2, fromUtf16(false))
  if (head[0] === 0xfe && head[1] === 0xff) return without(2, fromUtf16(true))
  if (head[0] !== 0 && head[1] === 0) return fromUtf16(false)
  if (head[0] === 0 && head[1] !== 0) return fromUtf16(true)
  return (chunk) => chunk
}

function without(length: number, decode: (chunk: Buffer) => Buffer): (chunk: Buffer) => Buffer {
  let skip = length
  return (chunk) => {
    const rest = chunk.subarray(skip)
    skip = 0
    return decode(rest)
  }
}

function fromUtf16(isBigEndian: boolean): (chunk: Buffer) => Buffer {
  let carried = Buffer.alloc(0)
  return (chunk) => {
    const bytes = Buffer.concat([carried, chunk])
    let end = bytes.length & ~1
    // A surrogate pair may be split between two chunks.
    const last = end >= 2 ? bytes.readUInt16LE(end - 2) : 0
    const unit = isBigEndian ? ((last & 0xff) << 8) | (last >> 8) : last
    if (unit >= 0xd800 && unit < 0xdc00) end -= 2
    carried = bytes.subarray(end)
    const units = bytes.subarray(0, end)
    return encode((isBigEndian ? units.swap16() : units).toString('utf16le'))
  }
}

/** Buffer.from would silently replace a lone surrogate with U+FFFD. */
function encode(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text)
  const parts = text.split(new RegExp(LONE_SURROGATE, 'g')).map((part) => Buffer.from(part))
  return Buffer.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [INVALID, part])))
}
