import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import {
  InvalidPostError,
  placeOf,
  type FileRule,
  type JsonObject,
  type JsonValue,
  type Place,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { decodeItems, type Found } from './decode-items.fixture.ts'

/** One item of a sample, as the formats see it. */
export interface SampleItem {
  readonly item: JsonObject
  readonly place: Place
  /** The format whose file rule found the item. */
  readonly format: SourceFormat
}

export interface SampleReading {
  readonly posts: readonly { readonly post: SourcePost; readonly item: JsonObject; readonly format: string }[]
  /** Counts by reason. */
  readonly skipped: Readonly<Record<string, number>>
  readonly rejected: readonly { readonly code: string; readonly pointer: string; readonly message: string }[]
  /** Items that a file rule found and no format recognises. */
  readonly unrecognised: readonly JsonObject[]
}

/** Reads an export (a folder or one file) with the given formats. */
export async function readSample(root: string, formats: readonly SourceFormat[]): Promise<SampleReading> {
  const posts: SampleReading['posts'][number][] = []
  const skipped: Record<string, number> = {}
  const rejected: SampleReading['rejected'][number][] = []
  const unrecognised: JsonObject[] = []
  const skip = ({ skip: reason }: SkippedItem): void => void (skipped[reason] = (skipped[reason] ?? 0) + 1)
  for (const { item: outer, place: outerPlace, format: owner } of await itemsOf(root, formats)) {
    const unwrapped = owner.unwrap?.(outer, outerPlace)
    if (unwrapped && 'skip' in unwrapped) {
      skip(unwrapped)
      continue
    }
    const item = unwrapped?.post ?? outer
    const place = unwrapped?.seenAt === undefined ? outerPlace : { ...outerPlace, seenAt: unwrapped.seenAt }
    const asked = unwrapped
      ? formats.filter(({ name }) => unwrapped.formats?.includes(name) ?? true)
      : [owner]
    const format = asked.find((candidate) => candidate.recognises(item, place))
    if (!format) {
      unrecognised.push(item)
      continue
    }
    try {
      const result = format.read(item, place)
      if ('skip' in result) skip(result)
      else posts.push({ post: result, item, format: format.name })
    } catch (error) {
      if (!(error instanceof InvalidPostError)) throw error
      rejected.push({ code: error.code, pointer: error.pointer, message: error.message })
    }
  }
  return { posts, skipped, rejected, unrecognised }
}

/** Returns the items that the formats' file rules find in an export. */
export async function itemsOf(root: string, formats: readonly SourceFormat[]): Promise<SampleItem[]> {
  const isFile = statSync(root).isFile()
  const files = isFile ? [''] : filesIn(root)
  const paths = isFile ? [root.slice(root.lastIndexOf('/') + 1)] : files
  const items: SampleItem[] = []
  for (const format of formats) {
    const facts = await factsOf(root, paths, format)
    for (const [index, path] of paths.entries()) {
      const bytes = readFileSync(join(root, files[index]!))
      const base = { ...placeOf(path, paths), facts }
      const found = []
      for (const rule of rulesOf(format).filter((candidate) => fits(candidate, path))) {
        const inRule =
          rule.encoding === 'file' ? [fileItem(root, path, bytes)] : await decodeItems(bytes, rule)
        found.push(...inRule.map((item) => ({ ...item, isRoot: rule.posts === undefined })))
      }
      const candidates = found.map(({ item, kept, around, isRoot }) => ({
        sample: { item, place: { ...base, kept, around }, format },
        isRoot,
      }))
      // The root of a file whose posts are further down is no item, unless the format reads it.
      const readsRoot = candidates.some(({ sample, isRoot }) => isRoot && isRead(sample))
      const isAtRoot = readsRoot || candidates.every(({ isRoot }) => isRoot)
      items.push(...candidates.flatMap(({ sample, isRoot }) => (isRoot === isAtRoot ? [sample] : [])))
    }
  }
  return items
}

function isRead({ item, place, format }: SampleItem): boolean {
  return format.unwrap?.(item, place) !== undefined || format.recognises(item, place)
}

function rulesOf({ files, wrapperKeys = [] }: SourceFormat): readonly FileRule[] {
  return files ?? [{}, ...wrapperKeys.map((key) => ({ posts: `/${key}` }))]
}

function fits({ path: glob, encoding = 'json' }: FileRule, path: string): boolean {
  if (glob !== undefined) return matchesGlob(path, glob)
  return encoding !== 'json' || /\.(?:json|ndjson|jsonl)$/.test(path)
}

async function factsOf(
  root: string,
  paths: readonly string[],
  { facts = [] }: SourceFormat,
): Promise<Place['facts']> {
  const found: Record<string, JsonValue> = {}
  for (const rule of facts) {
    const path = paths.find((candidate) => fits(rule, candidate))
    if (path === undefined) continue
    const items = await decodeItems(readFileSync(join(root, path)), rule)
    found[rule.path!] = rule.encoding === 'javascript' ? items.map(({ item }) => item) : items[0]!.item
  }
  return found
}

function fileItem(root: string, path: string, bytes: Uint8Array): Found {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const { mtimeMs } = statSync(join(root, path))
  const item = { path, sha256, byteSize: bytes.length, modifiedAt: Math.trunc(mtimeMs) }
  return { item, kept: {}, around: [] }
}

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(root, path)).isFile())
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
}

/** Lists every media reference of a post as text, for comparison with a ledger. */
export function mediaLines(post: SourcePost): string[] {
  return post.media.map(({ role, mediaType, pointer, file, missing, url }) =>
    [role, mediaType, pointer, file, missing === undefined ? undefined : `missing: ${missing}`, url]
      .filter((part) => part !== undefined)
      .join(' '),
  )
}
