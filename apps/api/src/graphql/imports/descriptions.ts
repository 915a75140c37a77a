import type { Descriptions } from '../builder/describe.ts'

const counters: Descriptions = {
  bytesTotal: 'The size of the files, in bytes.',
  bytesRead: 'How many bytes of the files have been read.',
  postsProcessed: 'How many posts have been read: new, known and rejected ones.',
  postsNew: 'How many posts were stored for the first time.',
  postsKnown: 'How many posts were stored already.',
  postsRejected: 'How many posts could not be stored. `ImportRun.rejectedPosts` says why.',
  mediaFound: 'How many media the posts refer to.',
  mediaNew: 'How many of these media were stored for the first time.',
}

const of = (type: string, texts: Descriptions): Descriptions =>
  Object.fromEntries(Object.entries(texts).map(([field, text]) => [`${type}.${field}`, text]))

export const importDescriptions: Descriptions = {
  ...of('ImportProgress', counters),
  ...of('ImportRun', counters),
  'ImportPostsInput.file':
    'The export, sent in the same multipart request: a posts file, or an archive of an export.',
  'ImportProgress.changedAt': 'When the run reached this state.',
  'ImportProgress.errorMessage': 'Why the run failed. Null while it has not.',
  'ImportProgress.mediaRefreshed': 'How many known media got a fresh URL.',
  'ImportProgress.runId': 'The import run.',
  'ImportRun.completedAt': 'When the run ended. Null while it is running.',
  'ImportRun.errorMessage': 'Why the run failed. Null while it has not.',
  'ImportRun.files': 'The names of the files, without their folders.',
  'ImportRun.formats': 'The formats that were recognised, with the number of posts that each read.',
  'ImportRun.id': 'The id of the run, for `node` and `importRun`.',
  'ImportRun.platform': 'The platform that the posts come from.',
  'ImportRun.rejectedPosts': 'The posts that could not be stored, in the order of the files.',
  'ImportRun.runId': 'The same as `id`.',
  'ImportRun.skippedItems': 'Items of the files that are no posts, counted by the reason.',
  'ImportRun.startedAt': 'When the run began. Null where an older tool stored a time that cannot be written.',
  'ImportRun.status': '`running`, `completed` or `failed`; older tools may have stored others.',
  ImportSourceError: 'The posts file cannot be read from where the client said it is.',
  'Query.importRun': 'One run by its id. Null when there is none.',
  'Query.importRun(id)': 'The id of the run.',
  'Query.importRuns(status)': 'Only runs with this status.',
  'RejectedPost.code': 'The kind of problem, for programs.',
  'RejectedPost.createdAt': 'When the post was rejected.',
  'RejectedPost.excerpt': 'The beginning of the post, to recognise it by.',
  'RejectedPost.file':
    'The name of the file that the post is in, without its folder; in an archive, with its path there.',
  'RejectedPost.reason': 'The problem, for people.',
  'Subscription.importProgress(runId)': 'The id of the run to follow.',
}
