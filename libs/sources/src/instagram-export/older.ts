import {
  InvalidPostError,
  type Author,
  type FileRule,
  type JsonObject,
  type Place,
  type SourcePost,
} from '@mediakeep/plugin-api'
import { textOf } from '../fields.ts'
import { stemOf } from '../file-types.ts'
import { exportFile, exportText } from '../meta/export-files.ts'
import { hashtagsIn, mentionsIn } from '../text-tags.ts'
import { requireTime, utcDate } from '../times.ts'

const FOLDERS = ['photos', 'videos', 'stories', 'profile', 'direct'] as const
const POST_TYPES: Readonly<Record<string, string>> = {
  photos: 'post',
  videos: 'post',
  stories: 'story',
  profile: 'profile_photo',
  direct: 'message',
}
const PATH = /^(photos|videos|stories|profile|direct)\/\d{6}\/./

/** `media.json` of archives from 2018 to 2020: one entry for each file, also for those of one post. */
export const olderFiles: readonly FileRule[] = FOLDERS.map((folder) => ({
  path: '**/media*.json',
  posts: `/${folder}`,
}))

export function isOlder(post: JsonObject): boolean {
  return typeof post.path === 'string' && PATH.test(post.path) && typeof post.taken_at === 'string'
}

/** @throws InvalidPostError */
export function readOlder(post: JsonObject, place: Place, author: Author | undefined): SourcePost {
  const path = textOf(post.path)
  if (path === undefined) throw new InvalidPostError('/path', 'the entry names no file', 'no_urn')
  const text = exportText(post.caption)
  const folder = PATH.exec(path)?.[1] ?? 'photos'
  return {
    urn: `instagram:export:${stemOf(path)}`,
    postedAt: requireTime(utcDate(post.taken_at), '/taken_at'),
    author,
    text,
    hashtags: hashtagsIn(text),
    mentions: mentionsIn(text),
    postType: POST_TYPES[folder],
    media: [exportFile(path, '/path', place, folder === 'videos' ? 'video' : 'image')],
  }
}
