import { createHash } from 'node:crypto'
import type { Member } from '@mediakeep/containers'
import type { FileEncoding, FileRule, JsonObject, JsonValue, SourceFormat } from '@mediakeep/plugin-api'
import { JsonSplitter } from '../json-splitter.ts'
import { rawValueOf, type RawValue } from '../raw-value.ts'
import { utf8Stream } from '../utf8-stream.ts'
import type { Claim } from './claims.ts'
import { withoutAssignment } from './javascript.ts'
import { decodedItems } from './decoded.ts'
import { openMember } from './open-member.ts'
import { pointerSteps, PointerSplitter, type PointerPattern } from './pointer-splitter.ts'
import { tableRows, textEntries } from './table.ts'

/** A value of a file, the formats that may recognise it, and the objects around it. */
export interface Item extends RawValue {
  readonly formats: readonly SourceFormat[]
  readonly around: readonly JsonObject[]
}

/** One way of reading a member, for the formats whose rules describe it so. */
export interface Reading {
  readonly claims: readonly Claim[]
  /** The format whose posts must be found so: in another's posts, its wrapper keys may be ordinary fields. */
  readonly decidedBy?: SourceFormat
  items(signal?: AbortSignal): AsyncIterable<readonly Item[]>
}

const NOTHING: readonly JsonObject[] = []
const CHUNKED: Readonly<Record<string, true>> = { json: true, javascript: true }

/** Every way in which the claims read a member, the simplest first. */
export function readingsOf(
  member: Member,
  path: string,
  claims: readonly Claim[],
  isLines: boolean,
): Reading[] {
  const byEncoding = Map.groupBy(claims, ({ rule }) => rule.encoding ?? 'json')
  return [...byEncoding].flatMap(([encoding, some]) =>
    encoding in CHUNKED
      ? jsonReadings(member, encoding, some, isLines)
      : otherReadings(member, path, encoding, some),
  )
}

function jsonReadings(
  member: Member,
  encoding: FileEncoding,
  claims: readonly Claim[],
  lines: boolean,
): Reading[] {
  const chunks = (signal?: AbortSignal): AsyncIterable<Buffer> => jsonChunks(member, encoding, signal)
  const [atPointers, atRoot] = [claims.filter(hasPointer), claims.filter((claim) => !hasPointer(claim))]
  const wrapped = atRoot.filter(({ format }) => format.files === undefined && format.wrapperKeys?.length)
  return [
    ...(atRoot.length > 0 ? [rootReading(atRoot, chunks, { wrapperKeys: [], lines })] : []),
    ...wrapped.map(({ format }) => ({
      ...rootReading(atRoot, chunks, { wrapperKeys: format.wrapperKeys!, lines }),
      decidedBy: format,
    })),
    ...(atPointers.length > 0 ? [pointerReading(atPointers, chunks)] : []),
  ]
}

function hasPointer({ rule }: Claim): boolean {
  return rule.posts !== undefined && rule.posts !== ''
}

export function jsonChunks(
  member: Member,
  encoding: FileEncoding,
  signal?: AbortSignal,
): AsyncIterable<Buffer> {
  const chunks = utf8Stream(openMember(member, signal))
  return encoding === 'javascript' ? withoutAssignment(chunks) : chunks
}

type Chunks = (signal?: AbortSignal) => AsyncIterable<Buffer>

export function rootReading(
  claims: readonly Claim[],
  chunks: Chunks,
  options: { readonly wrapperKeys: readonly string[]; readonly lines: boolean },
): Reading {
  const formats = formatsOf(claims)
  const toItem = (value: RawValue): Item => ({ ...value, formats, around: NOTHING })
  return {
    claims,
    async *items(signal) {
      const splitter = new JsonSplitter(options)
      for await (const chunk of chunks(signal)) yield splitter.push(chunk).map(toItem)
      yield splitter.end().map(toItem)
    },
  }
}

function pointerReading(claims: readonly Claim[], chunks: Chunks): Reading {
  const byPointer = [...Map.groupBy(claims, ({ rule }) => rule.posts!)]
  const patterns = byPointer.map(([pointer]): PointerPattern => ({
    steps: pointerSteps(pointer),
    kind: 'items',
  }))
  const formats = byPointer.map(([, some]) => formatsOf(some))
  return {
    claims,
    async *items(signal) {
      const splitter = new PointerSplitter(patterns)
      const toItems = (found: ReturnType<PointerSplitter['push']>): Item[] =>
        found.map((value) => ({ ...value, formats: formats[value.pattern]! }))
      for await (const chunk of chunks(signal)) yield toItems(splitter.push(chunk))
      yield toItems(splitter.end())
    },
  }
}

function otherReadings(
  member: Member,
  path: string,
  encoding: FileEncoding,
  claims: readonly Claim[],
): Reading[] {
  const reading = (some: readonly Claim[], values: Values): Reading => {
    const formats = formatsOf(some)
    return {
      claims: some,
      async *items(signal) {
        for await (const found of values(signal)) {
          yield found.map((value) => ({ ...value, formats, around: NOTHING }))
        }
      },
    }
  }
  const bytes = (signal?: AbortSignal): AsyncIterable<Buffer> => utf8Stream(openMember(member, signal))
  if (encoding === 'csv') return [reading(claims, (signal) => tableRows(bytes(signal), path))]
  if (encoding === 'text') {
    return claims.map((claim) =>
      reading([claim], (signal) => textEntries(bytes(signal), claim.rule.startsItem)),
    )
  }
  if (encoding === 'binary') {
    return claims.map((claim) => reading([claim], (signal) => decodedItems(member, claim.rule, signal)))
  }
  return [reading(claims, () => fileItem(member))]
}

/** The file itself as an item, for files without posts. */
async function* fileItem(member: Member): AsyncGenerator<RawValue[], void, undefined> {
  const hash = createHash('sha256')
  let byteSize = 0
  for await (const chunk of member.open() as AsyncIterable<Buffer>) {
    hash.update(chunk)
    byteSize += chunk.length
  }
  const { path, modifiedAt } = member
  yield [rawValueOf({ path, sha256: hash.digest('hex'), byteSize, modifiedAt }, 0)]
}

type Values = (signal?: AbortSignal) => AsyncIterable<readonly RawValue[]>

export function formatsOf(claims: readonly Claim[]): readonly SourceFormat[] {
  return [...new Set(claims.map(({ format }) => format))]
}

/** Reads the values that rules keep from a member, before its items. Values beyond 1 MiB are left out. */
export async function readKept(
  member: Member,
  claims: readonly Claim[],
  signal?: AbortSignal,
): Promise<Map<SourceFormat, Record<string, JsonValue>>> {
  const kept = new Map<SourceFormat, Record<string, JsonValue>>()
  for (const { format, rule } of claims) {
    if (!rule.keep?.length) continue
    kept.set(format, { ...kept.get(format), ...(await keptBy(member, rule, signal)) })
  }
  return kept
}

async function keptBy(
  member: Member,
  rule: FileRule,
  signal?: AbortSignal,
): Promise<Record<string, JsonValue>> {
  const { keep = [], encoding = 'json' } = rule
  const splitter = new PointerSplitter(
    keep.map((pointer) => ({ steps: pointerSteps(pointer), kind: 'value' })),
  )
  const values: Record<string, JsonValue> = {}
  for await (const chunk of jsonChunks(member, encoding, signal)) {
    for (const { bytes, problem, pattern } of splitter.push(chunk)) {
      const value = problem === undefined ? parsed(bytes) : undefined
      if (value !== undefined) values[keep[pattern]!] ??= value
    }
    if (Object.keys(values).length === keep.length) break
  }
  return values
}

function parsed(bytes: Buffer): JsonValue | undefined {
  try {
    return JSON.parse(bytes.toString()) as JsonValue
  } catch {
    return undefined
  }
}
