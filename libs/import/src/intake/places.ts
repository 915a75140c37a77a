import { buffer } from 'node:stream/consumers'
import type { Container } from '@mediakeep/containers'
import {
  pathsOf,
  type JsonObject,
  type JsonValue,
  type Place,
  type SourceFormat,
} from '@mediakeep/plugin-api'
import { plainPath, type Claim } from './claims.ts'
import { javascriptStart } from './javascript.ts'
import { matchPath } from './match-path.ts'
import { openMember } from './open-member.ts'

const MAX_FACTS = 1024 * 1024

/** The places of a member's items: one for each format, because each has its own rules. */
export class MemberPlaces {
  readonly #places: ReadonlyMap<SourceFormat, Place>
  /** For formats without a rule for this file, which read posts from the envelopes of others. */
  readonly #plain: Place

  private constructor(places: ReadonlyMap<SourceFormat, Place>, plain: Place) {
    this.#places = places
    this.#plain = plain
  }

  static async create(
    container: Container,
    path: string,
    claims: readonly Claim[],
    kept: ReadonlyMap<SourceFormat, Readonly<Record<string, JsonValue>>>,
    facts: FactsReader,
  ): Promise<MemberPlaces> {
    const plain = placeIn(container, path, '')
    const places = new Map<SourceFormat, Place>()
    for (const { format, root } of claims) {
      const own = { kept: kept.get(format) ?? {}, facts: await facts.of(format, root) }
      if (!places.has(format)) places.set(format, { ...placeIn(container, path, root), ...own })
    }
    return new MemberPlaces(places, plain)
  }

  of(format: SourceFormat, around: readonly JsonObject[], seenAt: number | undefined): Place {
    const place = this.#places.get(format) ?? this.#plain
    return around.length === 0 && seenAt === undefined ? place : { ...place, around, seenAt }
  }
}

function placeIn(container: Container, path: string, root: string): Place {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return {
    path,
    kept: {},
    around: [],
    facts: {},
    resolve: (wanted) =>
      [...(root === '' ? [] : pathsOf('', root + wanted)), ...pathsOf(folder, wanted)].find(
        (candidate) =>
          // A file that is not handed out is not missing: its media get the reason.
          container.has(candidate) || container.refusal(candidate) !== undefined,
      ),
    beside: (prefix) => container.beside(folder, prefix),
  }
}

/** Reads the files that formats need beside their posts, such as the one with the account's name; each once. */
export class FactsReader {
  readonly #container: Container
  readonly #known = new Map<string, Promise<Readonly<Record<string, JsonValue>>>>()

  constructor(container: Container) {
    this.#container = container
  }

  of(format: SourceFormat, root: string): Promise<Readonly<Record<string, JsonValue>>> {
    if (!format.facts?.length) return Promise.resolve({})
    const key = `${format.name} ${root}`
    const known = this.#known.get(key) ?? this.#read(format, root)
    this.#known.set(key, known)
    return known
  }

  async #read(format: SourceFormat, root: string): Promise<Readonly<Record<string, JsonValue>>> {
    const facts: Record<string, JsonValue> = {}
    for (const { path = '' } of format.facts ?? []) {
      const index = this.#find(root, path)
      const value = index === undefined ? undefined : await this.#parse(index)
      if (value !== undefined) facts[path] = value
    }
    return facts
  }

  #find(root: string, glob: string): number | undefined {
    for (let index = 0; index < this.#container.memberCount; index++) {
      const path = plainPath(this.#container.member(index))
      if (path.startsWith(root) && matchPath(glob, path.slice(root.length)) !== undefined) return index
    }
    return undefined
  }

  /** A file that is damaged or too large is treated as absent: its posts are readable without it. */
  async #parse(index: number): Promise<JsonValue | undefined> {
    const member = this.#container.member(index)
    if ((member.byteSize ?? 0) > MAX_FACTS) return undefined
    try {
      const bytes = await buffer(openMember(member))
      return JSON.parse(
        bytes
          .subarray(javascriptStart(bytes))
          .toString()
          .replace(/^\ufeff/, ''),
      ) as JsonValue
    } catch {
      return undefined
    }
  }
}
