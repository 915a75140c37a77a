import { Readable } from 'node:stream'
import type { FileRule, JsonObject, JsonValue } from '@mediakeep/plugin-api'
import { isObject } from '../fields.ts'

export interface Found {
  readonly item: JsonObject
  readonly kept: Readonly<Record<string, JsonValue>>
  readonly around: readonly JsonObject[]
}

/** Returns the items of one file by a rule. Reads the whole file at once: for samples only. */
export async function decodeItems(bytes: Uint8Array, rule: FileRule): Promise<Found[]> {
  const text = new TextDecoder().decode(bytes)
  const plain = (items: JsonObject[]): Found[] => items.map((item) => ({ item, kept: {}, around: [] }))
  switch (rule.encoding ?? 'json') {
    case 'json':
      return documentsOf(text).flatMap((document) => itemsIn(document, rule))
    case 'javascript':
      return documentsOf(text.slice(text.indexOf('=') + 1)).flatMap((document) => itemsIn(document, rule))
    case 'csv':
      return plain(recordsOf(text))
    case 'text':
      return plain(linesOf(text, rule.startsItem ?? (() => true)))
    case 'binary':
      return binaryItems(bytes, rule)
    case 'file':
      throw new Error('a file is an item itself')
  }
}

async function binaryItems(bytes: Uint8Array, { decode }: FileRule): Promise<Found[]> {
  const items: Found[] = []
  for await (const item of decode!(Readable.from([bytes]))) items.push({ item, kept: {}, around: [] })
  return items
}

/** Reads long integers as text, as the import does. */
function parse(text: string): JsonValue {
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
      ? context?.source
      : value,
  ) as JsonValue
}

function documentsOf(text: string): JsonValue[] {
  const trimmed = text
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/;$/, '')
  try {
    return [parse(trimmed)]
  } catch {
    try {
      return trimmed.split('\n').map(parse)
    } catch {
      return []
    }
  }
}

function itemsIn(document: JsonValue, { posts = '', keep = [] }: FileRule): Found[] {
  const kept: Record<string, JsonValue> = {}
  for (const pointer of keep) {
    for (const { value } of valuesAt(document, pointer)) kept[pointer] = value
  }
  return valuesAt(document, posts).flatMap(({ value, around }) => {
    const items = Array.isArray(value) ? value : [value]
    return items.filter(isObject).map((item) => ({ item, kept, around }))
  })
}

interface Reached {
  readonly value: JsonValue
  readonly around: readonly JsonObject[]
}

function valuesAt(document: JsonValue, pointer: string): Reached[] {
  let reached: Reached[] = [{ value: document, around: [] }]
  const steps = pointer.split('/').slice(1)
  for (const step of steps) {
    reached = reached.flatMap(({ value, around }) => {
      if (typeof value !== 'object' || value === null) return []
      const inner = isObject(value) ? [...around, value] : around
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
      const members =
        step === '*' ? Object.values(value) : Object.hasOwn(value, key) ? [(value as JsonObject)[key]!] : []
      return members.map((member) => ({ value: member, around: inner }))
    })
  }
  return pointer.includes('*') ? reached : reached.map(({ value }) => ({ value, around: [] }))
}

/** RFC 4180 with a header; the separator is a comma, or a tab when the header has one. */
function recordsOf(text: string): JsonObject[] {
  const separator = text.split('\n', 1)[0]!.includes('\t') ? '\t' : ','
  const rows: string[][] = [[]]
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^"\\n${separator}]*))(${separator}|\\r?\\n|$)`, 'y')
  while (field.lastIndex < text.length) {
    const [, quoted, bare, end] = field.exec(text) ?? []
    if (end === undefined) throw new Error(`broken CSV at character ${field.lastIndex}`)
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare!.replace(/\r$/, ''))
    if (end !== separator && field.lastIndex < text.length) rows.push([])
  }
  const [header = [], ...records] = rows
  return records.map((record) => Object.fromEntries(header.map((name, index) => [name, record[index] ?? ''])))
}

function linesOf(text: string, startsItem: (line: string) => boolean): JsonObject[] {
  const items: { text: string; line: number }[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const last = items.at(-1)
    if (startsItem(line)) items.push({ text: line, line: index + 1 })
    else if (last) last.text += `\n${line}`
  }
  return items.map((item) => ({ ...item, text: item.text.replace(/\n+$/, '') }))
}
