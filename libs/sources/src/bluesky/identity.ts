import { CID } from 'multiformats/cid'
import type { PostLink } from '@mediakeep/plugin-api'
import { textOf, type Value } from '../fields.ts'
import { plausibleTime } from '../times.ts'

const AT_URI = /^at:\/\/(did:[a-z]+:[\w.:%-]+)\/([A-Za-z0-9.-]+)\/([\w.~:-]+)$/

export interface RecordUri {
  readonly did: string
  readonly collection: string
  readonly rkey: string
}

/** Reads `at://did:plc:…/app.bsky.feed.post/3k…`. A URI with a handle in place of the DID is not stable, so it is none. */
export function parseRecordUri(value: Value): RecordUri | undefined {
  const [, did, collection, rkey] = AT_URI.exec(textOf(value) ?? '') ?? []
  return did === undefined ? undefined : { did, collection: collection!, rkey: rkey! }
}

export function recordUri({ did, collection, rkey }: RecordUri): string {
  return `at://${did}/${collection}/${rkey}`
}

export function postUrl(author: string, rkey: string): string {
  return `https://bsky.app/profile/${author}/post/${rkey}`
}

/** Links to a post; records of other kinds, such as lists and feeds, are none. */
export function postLink(kind: PostLink['kind'], uri: Value): PostLink[] {
  const record = parseRecordUri(uri)
  if (record?.collection !== 'app.bsky.feed.post') return []
  return [{ kind, urn: `bluesky:${recordUri(record)}`, url: postUrl(record.did, record.rkey) }]
}

const TID = /^[2-7a-j][2-7a-z]{12}$/
const ALPHABET = '234567abcdefghijklmnopqrstuvwxyz'

/** A record's key holds microseconds above 10 bits that distinguish clocks. */
export function timeInKey(rkey: string): number | undefined {
  if (!TID.test(rkey)) return undefined
  let bits = 0n
  for (const character of rkey) bits = bits * 32n + BigInt(ALPHABET.indexOf(character))
  return plausibleTime(Number((bits >> 10n) / 1000n))
}

const SHA2_256 = 0x12

/** Returns the SHA-256 that a CID holds, in hexadecimal. */
export function sha256OfCid(cid: string): string | undefined {
  try {
    const { code, digest } = CID.parse(cid).multihash
    return code === SHA2_256 ? Buffer.from(digest).toString('hex') : undefined
  } catch {
    return undefined
  }
}

/** The original bytes of a blob. The entryway redirects to the server that hosts the account. */
export function blobUrl(did: string, cid: string): string {
  return `https://bsky.social/xrpc/com.atproto.sync.getBlob?did=${encodeURIComponent(did)}&cid=${cid}`
}
