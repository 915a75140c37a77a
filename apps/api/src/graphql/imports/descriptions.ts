import type { Descriptions } from '../builder/describe.ts'

const counters: Descriptions = {
  bytesTotal: 'The size of the files, in bytes.',
  bytesRead: 'The number of bytes read so far.',
  postsProcessed: 'How many posts have been read: new, known and rejected ones.',
  postsNew: 'How many posts were stored for the first time.',
  postsKnown: 'The number of posts that were already stored.',
  postsRejected: 'How many posts could not be stored. `ImportRun.rejectedPosts` says why.',
  mediaFound: 'How many media the posts refer to.',
  mediaNew: 'How many of these media were stored for the first time.',
}

const of = (type: string, texts: Descriptions): Descriptions =>
  Object.fromEntries(Object.entries(texts).map(([field, text]) => [`${type}.${field}`, text]))

export const importDescriptions: Descriptions = {
  ...of('ImportProgress', counters),
  ...of('ImportRun', counters),
  'ImportPostsInput.file': 'A posts file or an archive of an export, uploaded in the same multipart request.',
  'ImportProgress.changedAt': 'When the run reached this state.',
  'ImportProgress.errorMessage': 'The reason why the run failed. Null if it did not fail.',
  'ImportProgress.mediaRefreshed': 'How many known media got a fresh URL.',
  'ImportProgress.runId': 'The import run.',
  'ImportRun.completedAt': 'When the run ended. Null while it is running.',
  'ImportRun.errorMessage': 'The reason why the run failed. Null if it did not fail.',
  'ImportRun.files': 'The names of the files, without their folders.',
  'ImportRun.formats': 'The formats that were recognised, with the number of posts of each.',
  'ImportRun.id': 'The id of the run, for `node` and `importRun`.',
  'ImportRun.platform': 'The platform that the posts come from.',
  'ImportRun.rejectedPosts': 'The posts that could not be stored, in the order of the files.',
  'ImportRun.runId': 'The same as `id`.',
  'ImportRun.skippedItems': 'Items of the files that are not posts, counted by reason.',
  'ImportRun.startedAt': 'When the run started. Null if an older tool stored an invalid time.',
  'ImportRun.status': '`running`, `completed` or `failed`; older tools may have stored others.',
  ImportSourceError: 'The posts file cannot be read from the given path.',
  'Query.importRun': 'An import run by its id. Null if there is none.',
  'Query.importRun(id)': 'The id of the run.',
  'Query.importRuns(status)': 'Only runs with this status.',
  'RejectedPost.code': 'The kind of problem, for programs.',
  'RejectedPost.createdAt': 'When the post was rejected.',
  'RejectedPost.excerpt': "The start of the post's text, to recognise it.",
  'RejectedPost.file':
    'The name of the file that the post is in, without its folder; in an archive, with its path there.',
  'RejectedPost.reason': 'The problem, for people.',
  'Subscription.importProgress(runId)': 'The id of the run to follow.',
}
