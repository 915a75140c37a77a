import {
  InvalidPostError,
  type JsonObject,
  type SkippedItem,
  type SourceFormat,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { collectMedia, isObject, textOf } from '../fields.ts'
import { decodeRepository } from './decode-repository.ts'
import { parseRecordUri } from '../bluesky/identity.ts'
import { embedMedia } from '../bluesky/media.ts'
import { authorOf, readRecord } from '../bluesky/post.ts'

const POST = 'app.bsky.feed.post'
const PREFIX = /^app\.bsky\.(?:feed|graph|actor)\./

/** A whole account as its server hands it out, `repo.car`. Media are not in it: blobs are fetched by their CIDs. */
export const sourceFormat: SourceFormat = {
  name: 'bluesky-repo',
  platform: 'bluesky',
  title: 'Bluesky repository (.car, from Settings → Export my data)',
  files: [{ path: '**/*.car', encoding: 'binary', decode: decodeRepository }],
  recognises: ({ did, collection, rkey, record }) =>
    typeof did === 'string' &&
    did.startsWith('did:') &&
    typeof collection === 'string' &&
    typeof rkey === 'string' &&
    isObject(record),
  read,
}

function read({ did, collection, rkey, record }: JsonObject): SourcePost | SkippedItem {
  if (collection !== POST) return { skip: (textOf(collection) ?? 'record').replace(PREFIX, '') }
  const uri = parseRecordUri(`at://${textOf(did) ?? ''}/${POST}/${textOf(rkey) ?? ''}`)
  if (!uri || !isObject(record)) throw new InvalidPostError('/rkey', 'not the key of a post', 'no_urn')
  const embed = { did: uri.did, record: record.embed, recordPointer: '/record/embed' }
  return {
    ...readRecord(record, uri, authorOf({}, uri.did), '/record'),
    media: collectMedia(embedMedia(embed)),
  }
}
