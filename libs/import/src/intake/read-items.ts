import type { Container, Member } from '@mediakeep/containers'
import type { SourceFormat } from '@mediakeep/plugin-api'
import { parsePost } from '../parse-post.ts'
import { assertJson } from '../sniff-posts.ts'
import { utf8Stream } from '../utf8-stream.ts'
import { claimsOn, plainPath, type Claim } from './claims.ts'
import { hasLines } from './has-lines.ts'
import { openMember } from './open-member.ts'
import { MemberPlaces, type FactsReader } from './places.ts'
import {
  formatsOf,
  jsonChunks,
  readingsOf,
  readKept,
  rootReading,
  type Item,
  type Reading,
} from './readings.ts'

/** A file in which no format recognises anything: one error for the file, not one for each of its items. */
export class UnknownFileError extends Error {
  override readonly name = 'UnknownFileError'
  readonly code = 'unknown_file'
}

export interface MemberItems {
  readonly items: AsyncIterable<readonly Item[]>
  readonly places: MemberPlaces
}

export interface ReadOptions {
  readonly container: Container
  /** The member's name in messages. */
  readonly name: string
  readonly formats: readonly SourceFormat[]
  readonly facts: FactsReader
  readonly signal?: AbortSignal | undefined
}

/** Values looked at to find out how a file holds its posts: the first may be damaged. */
const SAMPLE = 20
/** A post is at most 16 MiB, and other data may precede it. */
const MAX_BYTES = 20 * 1024 * 1024

/**
 * Finds out how a member holds posts, and reads them.
 *
 * @returns undefined when no rule of any format applies to the member's path
 * @throws UnknownFileError, NotJsonError, ContainerError, or the file system's error
 */
export async function readItems(member: Member, options: ReadOptions): Promise<MemberItems | undefined> {
  const { container, formats, signal } = options
  const path = plainPath(member)
  const claims = claimsOn(container, path, formats)
  if (claims.length === 0) return undefined
  const isJson = claims.every(({ rule }) => (rule.encoding ?? 'json') === 'json')
  const head = isJson ? await firstChunk(member, signal) : undefined
  if (head) assertJson(options.name, head)
  const isLines = head !== undefined && hasLines(path, head)
  for (const reading of readingsOf(member, path, claims, isLines)) {
    const places = await placesOf(member, path, reading, options)
    if (await holdsPosts(reading, places)) return { items: reading.items(signal), places }
  }
  return unrecognised(member, path, claims, isLines, options)
}

async function firstChunk(member: Member, signal?: AbortSignal): Promise<Buffer | undefined> {
  for await (const chunk of utf8Stream(openMember(member, signal))) return chunk
  return undefined
}

async function placesOf(
  member: Member,
  path: string,
  { claims }: Pick<Reading, 'claims'>,
  { container, facts, signal }: ReadOptions,
): Promise<MemberPlaces> {
  return MemberPlaces.create(container, path, claims, await readKept(member, claims, signal), facts)
}

async function holdsPosts(reading: Reading, places: MemberPlaces): Promise<boolean> {
  let [seen, bytes] = [0, 0]
  for await (const items of reading.items()) {
    for (const item of items) {
      if (isPost(item, reading.decidedBy ? [reading.decidedBy] : item.formats, places)) return true
      bytes += item.bytes.length
      if (++seen >= SAMPLE || bytes > MAX_BYTES) return false
    }
  }
  return false
}

function isPost(item: Item, formats: readonly SourceFormat[], places: MemberPlaces): boolean {
  try {
    const post = parsePost(item)
    return formats.some((format) => {
      const place = places.of(format, item.around, undefined)
      return format.recognises(post, place) || format.unwrap?.(post, place) !== undefined
    })
  } catch {
    return false
  }
}

/** Damaged posts are rejected one by one. Whole ones that no format recognises make one error. */
async function unrecognised(
  member: Member,
  path: string,
  claims: readonly Claim[],
  lines: boolean,
  options: ReadOptions,
): Promise<MemberItems | undefined> {
  const inJson = claims.filter(({ rule }) => (rule.encoding ?? 'json') === 'json')
  if (inJson.length > 0) {
    const wrapperKeys = inJson.flatMap(({ format }) => format.wrapperKeys ?? [])
    const chunks = (signal?: AbortSignal): AsyncIterable<Buffer> => jsonChunks(member, 'json', signal)
    const reading = rootReading(inJson, chunks, { wrapperKeys, lines })
    if (!(await holdsOnlyObjects(reading))) {
      const places = await placesOf(member, path, reading, options)
      return { items: reading.items(options.signal), places }
    }
  }
  throw unknownFile(options.name, claims)
}

/** True for a file whose first items are all valid, if it has any. */
async function holdsOnlyObjects(reading: Reading): Promise<boolean> {
  let seen = 0
  for await (const items of reading.items()) {
    for (const item of items) {
      try {
        parsePost(item)
      } catch {
        return false
      }
      if (++seen >= SAMPLE) return true
    }
  }
  return seen > 0
}

function unknownFile(path: string, claims: readonly Claim[]): UnknownFileError {
  const names = formatsOf(claims).map(({ name }) => name)
  return new UnknownFileError(
    `${path} holds no posts that a source format recognises. Formats tried: ${names.join(', ')}. ` +
      'Name one with --format if you know it. For another kind of export, write a plugin ' +
      '(libs/plugin-api/README.md) and name it in MEDIAKEEP_PLUGINS',
  )
}
