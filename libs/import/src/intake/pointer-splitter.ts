import type { JsonObject, JsonValue } from '@mediakeep/plugin-api'
import type { RawValue } from '../raw-value.ts'
import { ValueBytes } from '../value-bytes.ts'

/** Where values are found: the steps of a JSON pointer, `*` for every member. */
export interface PointerPattern {
  readonly steps: readonly string[]
  /** `items`: each element of an array there, or an object there. `value`: what is there, of any type. */
  readonly kind: 'items' | 'value'
}

/** A value that was found, with the objects around it that stand at a `*`. */
export interface FoundValue extends RawValue {
  /** Index of its pattern. */
  readonly pattern: number
  readonly around: readonly JsonObject[]
}

interface Frame {
  readonly isArray: boolean
  /** Patterns that lead further from here. */
  readonly alive: readonly number[]
  /** The pattern whose items this array holds. */
  readonly itemsOf: number | undefined
  /** The small fields of an object at a `*`, as far as they have been read. */
  readonly fields: JsonObject | undefined
  key: string
  index: number
  expectsKey: boolean
}

interface Capture {
  readonly kind: 'item' | 'value' | 'field' | 'key' | 'skip'
  readonly pattern: number
  readonly offset: number
  readonly bytes: ValueBytes
  depth: number
  inString: boolean
  escaped: boolean
  tooDeep: boolean
}

const MAX_DEPTH = 100
const LIMITS = { item: 16 * 1024 * 1024, value: 1024 * 1024, field: 64 * 1024, key: 64 * 1024, skip: 0 }
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a]
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** Finds the values at JSON pointers in a stream of bytes. Holds one value and the objects around it. */
export class PointerSplitter {
  readonly #patterns: readonly PointerPattern[]
  readonly #frames: Frame[] = []
  #capture: Capture | undefined
  #found: FoundValue[] = []
  #index = 0
  #at = 0

  constructor(patterns: readonly PointerPattern[]) {
    this.#patterns = patterns
  }

  /** @returns the values that ended in this chunk */
  push(chunk: Buffer): FoundValue[] {
    this.#found = []
    let at = 0
    while (at < chunk.length) at = this.#capture ? this.#scanValue(chunk, at) : this.#scanStructure(chunk, at)
    this.#at += chunk.length
    return this.#found
  }

  /** @returns a value that the file ends in; an empty one when it ends between values */
  end(): FoundValue[] {
    this.#found = []
    const capture = this.#capture
    if (capture?.kind === 'item') this.#report(capture, 'truncated')
    else if (this.#frames.length > 0) {
      const { length } = this.#patterns
      const bytes = Buffer.alloc(0)
      if (length > 0) this.#add({ offset: this.#at, bytes, problem: 'truncated', pattern: 0, around: [] })
    }
    this.#capture = undefined
    this.#frames.length = 0
    return this.#found
  }

  #scanStructure(chunk: Buffer, at: number): number {
    const byte = chunk[at]!
    const frame = this.#frames.at(-1)
    if (byte <= 0x20) return at + 1
    if (byte === COMMA) {
      if (frame) {
        frame.index++
        frame.expectsKey = !frame.isArray
      }
      return at + 1
    }
    if (byte === COLON) {
      if (frame) frame.expectsKey = false
      return at + 1
    }
    if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
      this.#frames.pop()
      return at + 1
    }
    if (frame?.expectsKey) return this.#begin('key', 0, at)
    return this.#beginValue(byte, at, frame)
  }

  #beginValue(byte: number, at: number, parent: Frame | undefined): number {
    if (parent?.itemsOf !== undefined) return this.#begin('item', parent.itemsOf, at)
    const depth = this.#frames.length
    const step = parent && (parent.isArray ? String(parent.index) : parent.key)
    const fits = (pattern: number): boolean => {
      const wanted = this.#patterns[pattern]!.steps[depth - 1]
      return wanted === '*' || wanted === step
    }
    const alive = parent ? parent.alive.filter(fits) : this.#patterns.map((_, n) => n)
    const whole = alive.find((n) => this.#patterns[n]!.steps.length === depth)
    if (whole !== undefined && this.#patterns[whole]!.kind === 'value') return this.#begin('value', whole, at)
    if (whole !== undefined && byte === OPEN_OBJECT) return this.#begin('item', whole, at)
    const isContainer = byte === OPEN_ARRAY || byte === OPEN_OBJECT
    if (!isContainer || alive.length === 0) return this.#begin(parent?.fields ? 'field' : 'skip', 0, at)
    const isAtStar = depth > 0 && alive.some((n) => this.#patterns[n]!.steps[depth - 1] === '*')
    const isArray = byte === OPEN_ARRAY
    this.#frames.push({
      isArray,
      alive,
      itemsOf: isArray ? whole : undefined,
      fields: !isArray && isAtStar ? {} : undefined,
      key: '',
      index: 0,
      expectsKey: !isArray,
    })
    return at + 1
  }

  #begin(kind: Capture['kind'], pattern: number, at: number): number {
    this.#capture = {
      kind,
      pattern,
      offset: this.#at + at,
      bytes: new ValueBytes(LIMITS[kind]),
      depth: 0,
      inString: false,
      escaped: false,
      tooDeep: false,
    }
    return at
  }

  /** Reads on in the value. @returns the position after it, or the end of the chunk */
  #scanValue(chunk: Buffer, from: number): number {
    const capture = this.#capture!
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (capture.inString) {
        if (capture.escaped) capture.escaped = false
        else if (byte === BACKSLASH) capture.escaped = true
        else if (byte === QUOTE) {
          capture.inString = false
          if (capture.depth === 0) return this.#finish(chunk, from, at + 1)
        }
      } else if (byte === QUOTE) capture.inString = true
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        if (++capture.depth > MAX_DEPTH) capture.tooDeep = true
      } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) {
        if (capture.depth === 0) return this.#finish(chunk, from, at)
        if (--capture.depth === 0) return this.#finish(chunk, from, at + 1)
      } else if (capture.depth === 0 && (byte === COMMA || byte <= 0x20)) return this.#finish(chunk, from, at)
    }
    capture.bytes.add(chunk.subarray(from), isKept(capture))
    return chunk.length
  }

  #finish(chunk: Buffer, from: number, end: number): number {
    const capture = this.#capture!
    capture.bytes.add(chunk.subarray(from, end), isKept(capture))
    this.#capture = undefined
    const frame = this.#frames.at(-1)
    if (capture.kind === 'item' || capture.kind === 'value') this.#report(capture, undefined)
    else if (capture.kind === 'key' && frame) {
      const key = parsed(capture)
      frame.key = typeof key === 'string' ? key : ''
      frame.expectsKey = false
    } else if (capture.kind === 'field' && frame?.fields) {
      const value = parsed(capture)
      if (value !== undefined) frame.fields[frame.key] = value
    }
    return end
  }

  #report(capture: Capture, ended: RawValue['problem']): void {
    const problem = capture.tooDeep ? 'too_deep' : capture.bytes.tooLarge ? 'too_large' : ended
    const around = this.#frames.flatMap(({ fields }) => (fields ? [fields] : []))
    const { offset, pattern } = capture
    this.#add({ offset, bytes: capture.bytes.join(), problem, pattern, around })
  }

  #add(value: Omit<FoundValue, 'index'>): void {
    this.#found.push({ index: this.#index++, ...value })
  }
}

function isKept({ kind, tooDeep }: Capture): boolean {
  return kind !== 'skip' && !tooDeep
}

function parsed({ bytes }: Capture): JsonValue | undefined {
  if (bytes.tooLarge) return undefined
  try {
    return JSON.parse(bytes.join().toString()) as JsonValue
  } catch {
    return undefined
  }
}

/** Splits a JSON pointer into its steps. */
export function pointerSteps(pointer: string): string[] {
  return pointer === '' ? [] : pointer.slice(1).split('/').map(unescapeStep)
}

function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}
