import { Brackets, CLOSE_ARRAY, CLOSE_OBJECT, OPEN_ARRAY, OPEN_OBJECT } from './brackets.ts'
import type { RawValue, SplitOptions } from './raw-value.ts'
import { ValueBytes } from './value-bytes.ts'

const [QUOTE, COMMA, COLON, NEWLINE, BACKSLASH] = [0x22, 0x2c, 0x3a, 0x0a, 0x5c]

/** 1 for a byte that ends a run within a string. */
const STRING_STOPS = new Uint8Array(256)
STRING_STOPS[QUOTE] = STRING_STOPS[BACKSLASH] = STRING_STOPS[NEWLINE] = 1

/**
 * Finds the posts in a stream of JSON bytes without parsing them: the elements of a top-level array, of a
 * wrapper's array, or one or more top-level objects. Holds no more than one value in memory.
 * It does not validate values; the parser does, one by one.
 */
export class JsonSplitter {
  readonly #wrapperKeys: ReadonlySet<string>
  readonly #lines: boolean
  readonly #brackets: Brackets
  readonly #kept: ValueBytes
  #found: RawValue[] = []
  #index = 0
  #chunk: Buffer = Buffer.alloc(0)
  /** Start of the chunk, the value and the line in the file. */
  #chunkAt = 0
  #valueAt = 0
  #lineAt = 0
  #inValue = false
  #inString = false
  #escaped = false
  /** A string of the value passed the end of its line, so its brackets cannot be trusted. */
  #broken = false
  #discard = false
  #problem: RawValue['problem']
  #indent = -1
  /** The depth to watch for wrapper keys; 0 for none. */
  #watched = 0
  #keyAt = 0
  #keyEnd = 0
  #afterColon = false

  constructor(options: SplitOptions) {
    this.#wrapperKeys = new Set(options.wrapperKeys)
    this.#lines = options.lines ?? false
    this.#brackets = new Brackets(options.maxDepth ?? 100)
    this.#kept = new ValueBytes(options.maxBytes ?? 16 * 1024 * 1024)
  }

  /** @returns the values that ended in this chunk; do not write to it afterwards */
  push(chunk: Buffer): RawValue[] {
    this.#found = []
    this.#chunk = chunk
    let from = 0
    for (let at = this.#nextLine(0); at >= 0; at = this.#nextLine(from)) {
      this.#scan(from, at)
      this.#endDocument(at, undefined)
      from = at + 1
    }
    this.#scan(from, chunk.length)
    if (this.#inValue) this.#keep(chunk.length)
    this.#chunkAt += chunk.length
    return this.#found
  }

  /** @returns the last value; a truncated one has the problem `truncated` */
  end(): RawValue[] {
    this.#found = []
    this.#chunk = Buffer.alloc(0)
    this.#endDocument(0, 'truncated')
    return this.#found
  }

  #nextLine(from: number): number {
    return this.#lines ? this.#chunk.indexOf(NEWLINE, from) : -1
  }

  #scan(from: number, to: number): void {
    const chunk = this.#chunk
    let at = from
    while (at < to) {
      if (this.#inString) {
        at = this.#scanString(at, to)
        continue
      }
      const byte = chunk[at]!
      if (byte === QUOTE) this.#openString(at)
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#open(byte, at)
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#close(byte, at)
      else if (byte === COMMA) this.#comma(at)
      else if (byte <= 0x20) this.#space(byte, at)
      else if (!this.#inValue) this.#begin(at)
      else if (byte === COLON) this.#afterColon = true
      at++
    }
  }

  /** @returns the position to continue at: after the string, or `to` */
  #scanString(from: number, to: number): number {
    const chunk = this.#chunk
    let at = this.#escaped ? from + 1 : from
    this.#escaped = false
    for (;;) {
      while (at < to && STRING_STOPS[chunk[at]!] === 0) at++
      if (at >= to) return to
      const byte = chunk[at++]!
      if (byte === BACKSLASH) {
        if (at >= to) this.#escaped = true
        at++
        continue
      }
      this.#inString = false
      this.#keyEnd = this.#chunkAt + at
      // JSON allows no line end within a string: its quote is missing, and structure follows.
      if (byte === NEWLINE) {
        this.#broken = true
        this.#lineAt = this.#chunkAt + at
      }
      return at
    }
  }

  #openString(at: number): void {
    if (!this.#inValue) this.#begin(at)
    this.#inString = true
    this.#keyAt = this.#chunkAt + at
    this.#afterColon = false
  }

  #open(byte: number, at: number): void {
    const brackets = this.#brackets
    if (this.#broken && byte === OPEN_OBJECT && this.#indent >= 0 && this.#indentOf(at) === this.#indent) {
      this.#emit(at)
      brackets.reset(brackets.base)
    }
    const isWatched = brackets.depth === this.#watched && this.#afterColon
    this.#afterColon = false
    if (brackets.depth === brackets.base) {
      if (this.#inValue) this.#emit(at)
      if (brackets.base === 0 && byte === OPEN_ARRAY) {
        this.#enterArray()
        return
      }
      this.#begin(at)
      if (brackets.base === 0) this.#watched = 1
    } else if (isWatched && this.#isWrapperKey(at)) {
      if (byte === OPEN_ARRAY) {
        this.#enterArray()
        return
      }
      this.#watched++
    }
    if (!brackets.push(byte)) this.#problem ??= 'too_deep'
  }

  #enterArray(): void {
    this.#drop()
    this.#brackets.push(OPEN_ARRAY)
    this.#brackets.base = this.#brackets.depth
  }

  #close(byte: number, at: number): void {
    const brackets = this.#brackets
    if (brackets.close(byte)) {
      this.#watched = Math.min(this.#watched, brackets.depth)
      if (brackets.depth === brackets.base) this.#emit(at + 1)
    } else if (byte === CLOSE_ARRAY && brackets.base > 0) {
      if (this.#inValue) this.#emit(at)
      brackets.leaveArray()
      if (brackets.depth > 0) this.#beginRest(at)
    } else if (!this.#inValue) this.#begin(at)
  }

  /** Handles the text after a wrapper's array: not a post, but it may contain another array of posts. */
  #beginRest(at: number): void {
    this.#begin(at)
    this.#discard = true
    this.#watched = this.#brackets.depth
  }

  #comma(at: number): void {
    this.#afterColon = false
    if (this.#inValue && this.#brackets.depth === this.#brackets.base) this.#emit(at)
  }

  #space(byte: number, at: number): void {
    if (byte === NEWLINE) this.#lineAt = this.#chunkAt + at + 1
    if (this.#inValue && this.#brackets.depth === 0) this.#emit(at)
  }

  #begin(at: number): void {
    this.#inValue = true
    this.#valueAt = this.#chunkAt + at
    this.#indent = this.#indentOf(at)
  }

  /** Returns a value's indentation within its line; -1 when anything precedes it. */
  #indentOf(at: number): number {
    const lineStart = this.#lineAt - this.#chunkAt
    for (let before = at - 1; before >= Math.max(lineStart, 0); before--) {
      if (this.#chunk[before]! > 0x20) return -1
    }
    return at - lineStart
  }

  #isWrapperKey(at: number): boolean {
    if (this.#kept.tooLarge) return false
    const [from, to] = [this.#keyAt + 1 - this.#valueAt, this.#keyEnd - 1 - this.#valueAt]
    return this.#wrapperKeys.has(this.#kept.read(from, to, this.#tail(at)).toString())
  }

  /** The value's bytes in this chunk. */
  #tail(end: number): Buffer {
    return this.#chunk.subarray(Math.max(this.#valueAt - this.#chunkAt, 0), end)
  }

  #keep(end: number): void {
    this.#kept.add(this.#tail(end), this.#problem === undefined && !this.#discard)
    if (this.#kept.tooLarge) this.#problem ??= 'too_large'
  }

  #emit(end: number): void {
    this.#keep(end)
    if (!this.#discard) this.#report(this.#valueAt, this.#kept.join())
    this.#drop()
  }

  #report(offset: number, bytes: Buffer): void {
    this.#found.push({ index: this.#index++, offset, bytes, problem: this.#problem })
  }

  #drop(): void {
    this.#inValue = this.#discard = this.#broken = false
    this.#problem = undefined
    this.#watched = 0
    this.#kept.clear()
  }

  /** @param problem applies to values still open here */
  #endDocument(at: number, problem: RawValue['problem']): void {
    const { depth } = this.#brackets
    if (depth > 0 || this.#inString) this.#problem ??= problem
    if (this.#inValue && !this.#discard) this.#emit(at)
    else if (depth > 0) this.#report(this.#chunkAt + at, Buffer.alloc(0))
    this.#drop()
    this.#inString = this.#escaped = this.#afterColon = false
    this.#brackets.reset(0)
    this.#brackets.base = 0
  }
}
