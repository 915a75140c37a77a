import { malformed } from './response-error.ts'

/** A response's status line and headers. */
export interface Head {
  readonly status: number
  /** Values by lower-case name. Each character is one byte on the wire (Latin-1). */
  readonly headers: ReadonlyMap<string, readonly string[]>
  /**
   * How the end of the body is detected: an announced length, the last chunk, or the close of the connection,
   * in which case a truncated body looks complete.
   */
  readonly framing: 'length' | 'chunked' | 'close'
  /** Announced length in bytes on the wire. */
  readonly length: number | undefined
  /** True if the connection can carry another request after the body. */
  readonly keepsConnection: boolean
}

const STATUS_LINE = /^HTTP\/(\d)(?:\.(\d))?[ \t]+(\d{3})(?!\d)/i
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a head as browsers do: skips lines without a colon or with an invalid name. After such a response, the
 * connection is not reused, so that nobody can hide a second response in it.
 * @param lines the status line and the headers, as Latin-1
 * @throws ResponseError
 */
export function parseHead(lines: readonly string[]): Head {
  const [, major, minor = '0', code] = STATUS_LINE.exec(lines[0] ?? '') ?? []
  const status = Number(code)
  if (code === undefined || status < 100)
    throw malformed(`it begins with ${JSON.stringify(lines[0]?.slice(0, 40))}`)
  const { headers, isOdd } = parseFields(lines.slice(1))
  const body = bodyOf(status, headers)
  const tokens = listOf(headers.get('connection'))
  const isKept =
    Number(major) * 10 + Number(minor) >= 11 ? !tokens.includes('close') : tokens.includes('keep-alive')
  return {
    status,
    headers,
    ...body,
    keepsConnection: isKept && !isOdd && !body.isOdd && body.framing !== 'close',
  }
}

function parseFields(lines: readonly string[]): { headers: Map<string, string[]>; isOdd: boolean } {
  const headers = new Map<string, string[]>()
  let isOdd = false
  let values: string[] | undefined
  for (const line of lines) {
    if (line.includes('\0')) throw malformed('a header contains a NUL byte')
    if (/^[ \t]/.test(line)) {
      // A value that continues on the next line: obsolete, but still in use.
      isOdd = true
      if (values) values.push(`${values.pop()!} ${trimmed(line)}`.trim())
      continue
    }
    const colon = line.indexOf(':')
    const written = line.slice(0, Math.max(colon, 0))
    const name = written.trimEnd().toLowerCase()
    if (name !== written.toLowerCase()) isOdd = true
    values = undefined
    if (!NAME.test(name)) {
      isOdd = true
      continue
    }
    values = headers.get(name) ?? []
    values.push(trimmed(line.slice(colon + 1)))
    headers.set(name, values)
  }
  return { headers, isOdd }
}

function trimmed(value: string): string {
  return value.replace(/^[ \t]+|[ \t\r]+$/g, '')
}

/** The items of comma-separated lists, in lower case. */
function listOf(values: readonly string[] = []): string[] {
  return values.flatMap((value) => value.split(',')).map((item) => item.trim().toLowerCase())
}

function bodyOf(
  status: number,
  headers: ReadonlyMap<string, readonly string[]>,
): Pick<Head, 'framing' | 'length'> & { isOdd: boolean } {
  const lengths = new Set(listOf(headers.get('content-length')))
  if (lengths.size > 1)
    throw malformed(`it has several Content-Lengths: ${[...lengths].join(', ').slice(0, 80)}`)
  const [length] = lengths
  if (length !== undefined && !/^\d+$/.test(length)) {
    throw malformed(`Content-Length is ${JSON.stringify(length.slice(0, 40))}`)
  }
  const isOdd = listOf(headers.get('content-length')).length > 1
  if (status < 200 || status === 204 || status === 304) return { framing: 'length', length: 0, isOdd }
  const codings = listOf(headers.get('transfer-encoding')).filter(
    (coding) => coding !== '' && coding !== 'identity',
  )
  if (codings.length === 0) {
    if (length === undefined) return { framing: 'close', length: undefined, isOdd }
    return { framing: 'length', length: Number(length), isOdd: isOdd || headers.has('transfer-encoding') }
  }
  if (codings.some((coding) => coding !== 'chunked')) {
    throw malformed(`Transfer-Encoding is ${JSON.stringify(codings.join(', ').slice(0, 80))}`)
  }
  // With both, chunked encoding takes precedence (RFC 9112, 6.3).
  return { framing: 'chunked', length: undefined, isOdd: isOdd || length !== undefined || codings.length > 1 }
}

/** The header's raw value, or the first of several. Each character is one byte. */
export function rawHeader({ headers }: Pick<Head, 'headers'>, name: string): string | undefined {
  return headers.get(name)?.[0]
}

/** The header's value as text: decoded as UTF-8 if valid, otherwise Latin-1. */
export function header(head: Pick<Head, 'headers'>, name: string): string | undefined {
  const raw = rawHeader(head, name)
  return raw === undefined ? undefined : (utf8(raw) ?? raw)
}

/** Decodes the bytes as UTF-8; undefined if they are not valid UTF-8. */
export function utf8(raw: string): string | undefined {
  try {
    return UTF8.decode(Buffer.from(raw, 'latin1'))
  } catch {
    return undefined
  }
}
