/** A response's status line and headers; the names in lower case. */
export interface Head {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /**
   * How the end of the body is known: a length was announced, the last chunk says so, or the connection closes,
   * in which case a cut cannot be told from the end.
   */
  readonly framing: 'length' | 'chunked' | 'close'
  /** Announced bytes on the wire. */
  readonly length: number | undefined
}

export function readHead(status: number, headers: Head['headers']): Head {
  if (headers['transfer-encoding'] !== undefined)
    return { status, headers, framing: 'chunked', length: undefined }
  const length = header({ headers }, 'content-length')
  if (length === undefined) return { status, headers, framing: 'close', length: undefined }
  return { status, headers, framing: 'length', length: Number(length) }
}

/** The header's value, or the first of several. */
export function header({ headers }: Pick<Head, 'headers'>, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}
