import type { AnalysisStatus, FailureStage, Fate } from '@mediakeep/client'
import { FATE_WORDS, STATUS_WORDS } from '../ui/words.ts'
import type { FilterFields } from './filters.ts'

const FAILED_WORDS: Record<FailureStage, string> = {
  fetch: 'not fetched',
  inspect: 'could not be inspected',
  archive: 'could not be archived',
  analyse: 'could not be analysed',
}

/** Media that the gallery shows in place of content. */
export const ROLE_WORDS: Readonly<Record<string, string>> = {
  thumbnail: 'thumbnails',
  article: 'pictures of articles',
  reshare: 'content of reposts',
  avatar: 'avatars',
  all: 'all media',
}

/** A condition of a view in words, and the fields that remove it. */
interface Condition {
  readonly words: string
  readonly without: Partial<FilterFields>
}

/** Returns the conditions that narrow the gallery, except for the search field's. */
export function conditionsOf(fields: FilterFields): Condition[] {
  const { role, type, status, fate, archived, cached, inspected, expires, author, platform, from, to } =
    fields
  const yes = (value: string, words: string): string => value && (value === 'yes' ? words : `not ${words}`)
  const conditions: Condition[] = [
    { words: role && ROLE_WORDS[role]!, without: { role: '' } },
    { words: type && `${type}s`, without: { type: '' } },
    { words: status && STATUS_WORDS[status as AnalysisStatus], without: { status: '' } },
    { words: fate && FATE_WORDS[fate as Fate], without: { fate: '' } },
    { words: yes(archived, 'archived'), without: { archived: '' } },
    { words: yes(cached, 'in the cache'), without: { cached: '' } },
    { words: yes(inspected, 'inspected'), without: { inspected: '' } },
    { words: expires && `address ends within ${expires} hours`, without: { expires: '' } },
    { words: failureWords(fields), without: { stage: '', analyser: '', reason: '' } },
    { words: author && `by ${author}`, without: { author: '' } },
    { words: platform && `on ${platform}`, without: { platform: '' } },
    { words: from && `posted from ${from}`, without: { from: '' } },
    { words: to && `posted to ${to}`, without: { to: '' } },
  ]
  return conditions.filter(({ words }) => words !== '')
}

function failureWords({ stage, analyser, reason }: FilterFields): string {
  if (!stage) return ''
  const by = analyser && ` by ${analyser}`
  return `${FAILED_WORDS[stage as FailureStage]}${by}: ${reason || 'no reason known'}`
}
