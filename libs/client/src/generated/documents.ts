/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The state of the analysis of a media item, or of one analyser. */
export type AnalysisStatus =
  /** All results are stored. */
  | 'completed'
  /** It failed, and is not tried again automatically. */
  | 'failed'
  /** It waits for a worker. */
  | 'not_started'
  /** A worker is working on it. */
  | 'started';

/** A permission of a token. `admin` permits everything; no other scope includes another. */
export type ApiScope =
  /** Everything, and the management of tokens. */
  | 'admin'
  /** Claim analyses, read their media, and hand in results: for workers. */
  | 'analyze'
  /** Import posts and follow imports. */
  | 'import'
  /** Download, verify, archive, restore, reject and analyse media again. */
  | 'operate'
  /** Read posts, media and statistics. */
  | 'read';

/** The result of checking the archive object of a media item. */
export type ArchiveCheckResult =
  /** The object is damaged. */
  | 'corrupt'
  /** There is no object. */
  | 'missing'
  /** It is not archived, or it is in a different archive. */
  | 'none'
  /** The object is intact. */
  | 'ok';

/** The archive state of a media item. */
export type ArchiveState =
  /** It was already archived. */
  | 'archived'
  /** It has no downloaded file to archive. */
  | 'none'
  /** It waits to be archived. */
  | 'queued'
  /** It was rejected, and is not archived. */
  | 'rejected';

/** The result of checking the cached file of a media item. */
export type CacheCheckResult =
  /** The file is damaged. */
  | 'corrupt'
  /** There is no file. */
  | 'missing'
  /** The file is intact. */
  | 'ok'
  /** The file was missing or damaged, and was copied back from the archive. */
  | 'restored';

/** An algorithm that computes a digest of bytes. */
export type DigestAlgorithm =
  /** MD5, 128 bits. */
  | 'MD5'
  /** SHA-256, 256 bits. */
  | 'SHA256';

/** Media that failed at one stage, as `failureReasons` groups them. */
export type FailureInput = {
  /** For the stage `analyse`: the analyser, for example `ocr@2`, as in `failureReasons`. The default is any. */
  analyser?: string | null | undefined;
  /** The reason, as in `failureReasons`. The default is any. */
  reason?: string | null | undefined;
  /** The stage at which they failed. */
  stage: FailureStage;
};

/** A step that can fail. */
export type FailureStage =
  /** An analyser could not handle the file. */
  | 'analyse'
  /** The file could not be stored in the archive. */
  | 'archive'
  /** The file could not be downloaded. */
  | 'fetch'
  /** The bytes could not be decoded. */
  | 'inspect';

/** The result of downloading a media reference. */
export type Fate =
  /** The server's rules forbid this URL or this host. */
  | 'blocked'
  /** The signature of the URL expired before the file was downloaded. A renewed URL sets it to `waiting` again. */
  | 'expired'
  /** The download failed. It is tried again while `downloadNotBefore` is set. */
  | 'failed'
  /** The file was downloaded. */
  | 'fetched'
  /** The host reports that the file no longer exists. */
  | 'gone'
  /** The downloaded file is not a supported media file, or a person rejected it. */
  | 'rejected'
  /** The download has not been tried yet. */
  | 'waiting';

/** The work that a run does. */
export type ImportKind =
  /** Finds media in posts that are already stored. */
  | 'backfill'
  /** Stores the posts of one or more files. */
  | 'import';

/** Media that meet every condition given. */
export type MediaFilter = {
  /** Only archived media, or only others. */
  archived?: boolean | null | undefined;
  /** Only media of posts by the author with exactly this user name. */
  author?: string | null | undefined;
  /** Only media whose file is in a cache, or only others. Caches of absent machines count: see `mediaStats.caches`. */
  cached?: boolean | null | undefined;
  /** Only those at this time or later. */
  createdAfter?: string | null | undefined;
  /** Only those before this time. */
  createdBefore?: string | null | undefined;
  /** Only media that are not fetched and whose URL expires within this number of hours. */
  expiresWithinHours?: number | null | undefined;
  /** Only media that failed at a stage. */
  failure?: FailureInput | null | undefined;
  /** Only media with this fate. */
  fate?: Fate | null | undefined;
  /** Only media from this host: `host[:port]`. */
  host?: string | null | undefined;
  /** Only fetched media that were decoded, or only those that were not. */
  inspected?: boolean | null | undefined;
  /** Only media whose bytes have this MD5 digest. */
  md5Sum?: string | null | undefined;
  /** Only media of posts of this platform. */
  platform?: string | null | undefined;
  /** Only media of this post. */
  postId?: string | null | undefined;
  /** Only those at this time or later. */
  postedAfter?: string | null | undefined;
  /** Only those before this time. */
  postedBefore?: string | null | undefined;
  /** Only media with this role. `content` includes media without a role: older tools stored no roles, and stored content only. */
  role?: MediaRole | null | undefined;
  /** Words of the post, of the alternative text, or of what analysers found in the media: visible text, captions, labels. All words must occur in one of them. */
  search?: string | null | undefined;
  /** Only media whose bytes have this SHA-256 digest. */
  sha256Sum?: string | null | undefined;
  /** Only media that look like this one, the most similar first regardless of `orderBy`. The item itself is left out. */
  similarTo?: SimilarToInput | null | undefined;
  /** Only media with this analysis status. */
  status?: AnalysisStatus | null | undefined;
  /** Words in the post's text, in the syntax of a search box. */
  text?: string | null | undefined;
  /** Only media of this kind. */
  type?: MediaKind | null | undefined;
};

/** The kind of file. */
export type MediaKind =
  /** An audio file. */
  | 'audio'
  /** A PDF or another document. */
  | 'document'
  /** A picture, possibly animated. */
  | 'image'
  /** A video. */
  | 'video';

/** How media are sorted. */
export type MediaOrder = {
  /** Ascending or descending. */
  direction?: OrderDirection | null | undefined;
  /** The time by which media are sorted. */
  field?: MediaOrderField | null | undefined;
};

/** A time to sort media by. Media without it come last. */
export type MediaOrderField =
  /** When an import first stored the reference. */
  | 'CREATED_AT'
  /** When the post was published. */
  | 'POSTED_AT';

/** The role of a media reference in its post. If it has several roles, the most important one. */
export type MediaRole =
  /** The picture of an article that the post links to. */
  | 'article'
  /** The picture of a person or an organisation. */
  | 'avatar'
  /** The content that the post shows. */
  | 'content'
  /** It belongs to another post that this post shares. */
  | 'reshare'
  /** A preview of a video or a document. */
  | 'thumbnail';

/** Changes that meet every condition given. */
export type MediaStatusFilter = {
  /** Only changes of these media items. */
  mediaIds?: Array<string> | null | undefined;
  /** Only media of this kind. */
  mediaType?: MediaKind | null | undefined;
  /** Only media of this post. */
  postId?: string | null | undefined;
  /** Only changes to one of these statuses. */
  status?: Array<string> | null | undefined;
  /** Only changes of these statuses. */
  what?: Array<StatusKind> | null | undefined;
};

/** The direction of a sorted list. */
export type OrderDirection =
  /** Smallest or oldest first. */
  | 'ASC'
  /** Largest or newest first. */
  | 'DESC';

/** The steps that every media reference takes, from the post to the analysis. */
export type PipelineStepName =
  /** All configured analysers have completed. */
  | 'analysed'
  /** The archive has the file and has confirmed its digest. */
  | 'archived'
  /** The bytes were downloaded. */
  | 'fetched'
  /** A post refers to it. */
  | 'found'
  /** The file was decoded and found intact. */
  | 'inspected';

/** A picture, and how much similar ones may differ from it. */
export type SimilarToInput = {
  /** The maximum distance of the perceptual hashes in bits, up to 11. 0: practically identical; up to 8: usually the same picture. */
  maxDistance?: number | null | undefined;
  /** The media item to compare with. */
  mediaId: string;
};

/** The kinds of status that a media item has. */
export type StatusKind =
  /** The status of its analysis. */
  | 'analysis'
  /** Whether it is archived. */
  | 'archive'
  /** The result of its download. */
  | 'fate';

/** The length of an interval. */
export type ThroughputUnit =
  /** The last 30 days, of UTC. */
  | 'DAY'
  /** The last 24 hours. */
  | 'HOUR';

export type ArchiveMediaMutationVariables = Exact<{
  mediaIds: Array<string> | string;
}>;


export type ArchiveMediaMutation = { __typename: 'Mutation', archiveMedia:
    | { __typename: 'ArchiveMediaPayload', states: Array<{ __typename: 'MediaArchiveState', state: ArchiveState, media: { __typename: 'Media', id: string } }> }
    | { __typename: 'InvalidInputError', code: string, message: string }
    | { __typename: 'MediaNotFoundError', mediaIds: Array<string>, code: string, message: string }
   };

export type VerifyMediaMutationVariables = Exact<{
  mediaIds: Array<string> | string;
}>;


export type VerifyMediaMutation = { __typename: 'Mutation', verifyMedia:
    | { __typename: 'InvalidInputError', code: string, message: string }
    | { __typename: 'MediaChecksPayload', checks: Array<{ __typename: 'MediaCheck', cache: CacheCheckResult, archive: ArchiveCheckResult, error: string | null, media: { __typename: 'Media', id: string } }> }
    | { __typename: 'MediaNotFoundError', mediaIds: Array<string>, code: string, message: string }
   };

export type RestoreMediaMutationVariables = Exact<{
  mediaIds: Array<string> | string;
}>;


export type RestoreMediaMutation = { __typename: 'Mutation', restoreMedia:
    | { __typename: 'InvalidInputError', code: string, message: string }
    | { __typename: 'MediaChecksPayload', checks: Array<{ __typename: 'MediaCheck', cache: CacheCheckResult, archive: ArchiveCheckResult, error: string | null, media: { __typename: 'Media', id: string } }> }
    | { __typename: 'MediaNotFoundError', mediaIds: Array<string>, code: string, message: string }
   };

export type MediaCheckResultFragment = { __typename: 'MediaCheck', cache: CacheCheckResult, archive: ArchiveCheckResult, error: string | null, media: { __typename: 'Media', id: string } };

export type DownloadMediaMutationVariables = Exact<{
  mediaIds: Array<string> | string;
}>;


export type DownloadMediaMutation = { __typename: 'Mutation', downloadMedia:
    | { __typename: 'InvalidInputError', code: string, message: string }
    | { __typename: 'MediaNotFoundError', mediaIds: Array<string>, code: string, message: string }
    | { __typename: 'MediaPayload', media: Array<{ __typename: 'Media', id: string }> }
   };

export type RequeueAnalysisMutationVariables = Exact<{
  mediaIds: Array<string> | string;
}>;


export type RequeueAnalysisMutation = { __typename: 'Mutation', requeueAnalysis:
    | { __typename: 'InvalidInputError', code: string, message: string }
    | { __typename: 'MediaNotFoundError', mediaIds: Array<string>, code: string, message: string }
    | { __typename: 'RequeueAnalysisPayload', count: number }
    | { __typename: 'UnknownAnalyserError', code: string, message: string }
   };

export type RejectMediaMutationVariables = Exact<{
  mediaId: string;
  reason: string;
}>;


export type RejectMediaMutation = { __typename: 'Mutation', rejectMedia:
    | { __typename: 'InvalidInputError', code: string, message: string }
    | { __typename: 'MediaNotFoundError', mediaIds: Array<string>, code: string, message: string }
    | { __typename: 'MediaPayload', media: Array<{ __typename: 'Media', id: string }> }
   };

export type UnrejectMediaMutationVariables = Exact<{
  mediaId: string;
}>;


export type UnrejectMediaMutation = { __typename: 'Mutation', unrejectMedia:
    | { __typename: 'InvalidInputError', code: string, message: string }
    | { __typename: 'MediaNotFoundError', mediaIds: Array<string>, code: string, message: string }
    | { __typename: 'MediaNotRejectedError', code: string, message: string }
    | { __typename: 'MediaPayload', media: Array<{ __typename: 'Media', id: string }> }
   };

export type RunCountsFragment = { __typename: 'ImportRun', id: string, kind: ImportKind, status: string | null, startedAt: string | null, completedAt: string | null, errorMessage: string | null, files: Array<string>, bytesRead: number, bytesTotal: number, postsProcessed: number, postsNew: number, postsKnown: number, postsRejected: number, mediaFound: number, mediaNew: number, mediaRefreshed: number };

export type ImportRunsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type ImportRunsQuery = { __typename: 'Query', importRuns: { __typename: 'QueryImportRunsConnection', nodes: Array<{ __typename: 'ImportRun', id: string, kind: ImportKind, status: string | null, startedAt: string | null, completedAt: string | null, errorMessage: string | null, files: Array<string>, bytesRead: number, bytesTotal: number, postsProcessed: number, postsNew: number, postsKnown: number, postsRejected: number, mediaFound: number, mediaNew: number, mediaRefreshed: number }>, pageInfo: { __typename: 'PageInfo', endCursor: string | null, hasNextPage: boolean } } };

export type ImportRunDetailQueryVariables = Exact<{
  id: string;
  after?: string | null | undefined;
}>;


export type ImportRunDetailQuery = { __typename: 'Query', importRun: { __typename: 'ImportRun', id: string, kind: ImportKind, status: string | null, startedAt: string | null, completedAt: string | null, errorMessage: string | null, files: Array<string>, bytesRead: number, bytesTotal: number, postsProcessed: number, postsNew: number, postsKnown: number, postsRejected: number, mediaFound: number, mediaNew: number, mediaRefreshed: number, formats: Array<{ __typename: 'NamedCount', name: string, count: number }>, skippedItems: Array<{ __typename: 'NamedCount', name: string, count: number }>, rejectedPosts: { __typename: 'ImportRunRejectedPostsConnection', nodes: Array<{ __typename: 'RejectedPost', file: string, postIndex: number, pointer: string, code: string, reason: string, excerpt: string | null }>, pageInfo: { __typename: 'PageInfo', endCursor: string | null, hasNextPage: boolean } } } | null };

export type ImportPostsMutationVariables = Exact<{
  file?: File | Blob | null | undefined;
  path?: string | null | undefined;
}>;


export type ImportPostsMutation = { __typename: 'Mutation', importPosts:
    | { __typename: 'ImportRun', id: string }
    | { __typename: 'ImportSourceError', code: string, message: string }
   };

export type MediaDetailQueryVariables = Exact<{
  id: string;
}>;


export type MediaDetailQuery = { __typename: 'Query', mediaItem: { __typename: 'Media', mediaId: string, mediaUrl: string, fetchUrl: string | null, url: string | null, width: number | null, height: number | null, fileSize: number | null, md5Sum: string | null, sha256Sum: string | null, localFilePath: string | null, role: MediaRole | null, jsonPointers: Array<string> | null, claimedMimeType: string | null, lengthVerified: boolean | null, fateAt: string | null, fateReason: string | null, fetchedAt: string | null, altText: string | null, inspectedAt: string | null, findings: Array<string>, archivedAt: string | null, archiveVerifiedAt: string | null, downloadNotBefore: string | null, urlExpiresAt: string | null, aiAnalyzedAt: string | null, perceptualHash: string | null, id: string, mediaType: string, mimeType: string | null, fate: Fate, aiAnalysisStatus: AnalysisStatus, archiveUrl: string | null, postedAt: string | null, createdAt: string | null, thumbhash: string | null, thumbnailUrl: string | null, largeUrl: string | null, attestedHash: { __typename: 'AttestedHash', algorithm: DigestAlgorithm, value: string, matches: boolean | null } | null, sourceFile: { __typename: 'SourceFile', member: string, container: string, sha256: string, readAt: string | null, problem: string | null } | null, aiAnalysisEvents: Array<{ __typename: 'AnalysisEvent', timestamp: string, event: string, status: AnalysisStatus, model: string | null, details: unknown }>, analyses: Array<{ __typename: 'Analysis', analyser: string, version: string, status: AnalysisStatus, attempts: number, notBefore: string | null, result: unknown, error: string | null, model: string | null, tokensUsed: number | null, costUsd: number | null, durationMs: number | null, finishedAt: string | null }>, duplicates: { __typename: 'MediaConnection', totalCount: number | null, nodes: Array<{ __typename: 'Media', id: string, mediaType: string, mimeType: string | null, fate: Fate, aiAnalysisStatus: AnalysisStatus, archiveUrl: string | null, postedAt: string | null, createdAt: string | null, thumbhash: string | null, thumbnailUrl: string | null }> }, post: { __typename: 'Post', id: string, platform: string | null, postType: string | null, authorUsername: string | null, authorName: string | null, language: string | null, textContent: string | null, url: string | null, postedAt: string | null, findings: Array<{ __typename: 'PostFinding', code: string, message: string }>, media: { __typename: 'MediaConnection', nodes: Array<{ __typename: 'Media', id: string, mediaType: string, mimeType: string | null, fate: Fate, aiAnalysisStatus: AnalysisStatus, archiveUrl: string | null, postedAt: string | null, createdAt: string | null, thumbhash: string | null, thumbnailUrl: string | null }> } } } | null };

export type SimilarMediaQueryVariables = Exact<{
  id: string;
}>;


export type SimilarMediaQuery = { __typename: 'Query', mediaItems: { __typename: 'MediaConnection', nodes: Array<{ __typename: 'Media', sha256Sum: string | null, perceptualHash: string | null, id: string, mediaType: string, mimeType: string | null, fate: Fate, aiAnalysisStatus: AnalysisStatus, archiveUrl: string | null, postedAt: string | null, createdAt: string | null, thumbhash: string | null, thumbnailUrl: string | null }> } };

export type EventCursorQueryVariables = Exact<{ [key: string]: never; }>;


export type EventCursorQuery = { __typename: 'Query', eventCursor: string };

export type MediaStatusChangedSubscriptionVariables = Exact<{
  filter?: MediaStatusFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type MediaStatusChangedSubscription = { __typename: 'Subscription', mediaStatusChanged: { __typename: 'MediaStatusChange', cursor: string, mediaId: string, postId: string, what: StatusKind, previousStatus: string | null, status: string, changedAt: string } };

export type ImportProgressSubscriptionVariables = Exact<{
  runId: string;
  after?: string | null | undefined;
}>;


export type ImportProgressSubscription = { __typename: 'Subscription', importProgress: { __typename: 'ImportProgress', cursor: string, runId: string, status: string, errorMessage: string | null, bytesTotal: number, bytesRead: number, postsProcessed: number, postsNew: number, postsKnown: number, postsRejected: number, mediaFound: number, mediaNew: number, mediaRefreshed: number } };

export type MediaTileFragment = { __typename: 'Media', id: string, mediaType: string, mimeType: string | null, fate: Fate, aiAnalysisStatus: AnalysisStatus, archiveUrl: string | null, postedAt: string | null, createdAt: string | null, thumbhash: string | null, thumbnailUrl: string | null };

export type MediaPageQueryVariables = Exact<{
  filter?: MediaFilter | null | undefined;
  orderBy?: MediaOrder | null | undefined;
  first: number;
  after?: string | null | undefined;
  skip?: number | null | undefined;
  search?: string | null | undefined;
  isSearch?: boolean | null | undefined;
}>;


export type MediaPageQuery = { __typename: 'Query', mediaItems: { __typename: 'MediaConnection', nodes: Array<{ __typename: 'Media', id: string, mediaType: string, mimeType: string | null, fate: Fate, aiAnalysisStatus: AnalysisStatus, archiveUrl: string | null, postedAt: string | null, createdAt: string | null, thumbhash: string | null, thumbnailUrl: string | null, searchSnippet?: Array<{ __typename: 'SnippetPart', text: string, isMatch: boolean }> | null }> } };

export type MediaFacetsQueryVariables = Exact<{
  filter?: MediaFilter | null | undefined;
}>;


export type MediaFacetsQuery = { __typename: 'Query', mediaFacets: { __typename: 'MediaFacets', types: Array<{ __typename: 'NamedCount', name: string, count: number }>, platforms: Array<{ __typename: 'NamedCount', name: string, count: number }>, fates: Array<{ __typename: 'NamedCount', name: string, count: number }>, statuses: Array<{ __typename: 'NamedCount', name: string, count: number }> } };

export type AuthorsQueryVariables = Exact<{
  prefix: string;
}>;


export type AuthorsQuery = { __typename: 'Query', authors: Array<string> };

export type MediaTimelineQueryVariables = Exact<{
  filter?: MediaFilter | null | undefined;
  orderBy?: MediaOrder | null | undefined;
}>;


export type MediaTimelineQuery = { __typename: 'Query', mediaTimeline: Array<{ __typename: 'TimelineMonth', month: string, count: number, startCursor: string }> };

export type MediaFilesQueryVariables = Exact<{
  ids: Array<string> | string;
}>;


export type MediaFilesQuery = { __typename: 'Query', nodes: Array<
    | { __typename: 'DuplicateGroup' }
    | { __typename: 'EngagementSnapshot' }
    | { __typename: 'ImportRun' }
    | { __typename: 'Media', id: string, url: string | null, localFilePath: string | null }
    | { __typename: 'Post' }
   | null> };

export type OverviewQueryVariables = Exact<{ [key: string]: never; }>;


export type OverviewQuery = { __typename: 'Query', mediaStats: { __typename: 'MediaStats', mediaCount: number, contentCount: number, contentBytes: number, archivedContentCount: number, archivedContentBytes: number, deduplicatedMediaCount: number, deduplicatedBytes: number, steps: Array<{ __typename: 'PipelineStep', name: PipelineStepName, done: number, toGo: number, waiting: number, retrying: number, inHand: number, failed: number, oldestWaitingAt: string | null }>, mediaByFate: Array<{ __typename: 'NamedCount', name: string, count: number }>, caches: Array<{ __typename: 'CacheContents', id: string, host: string | null, fileCount: number | null, bytes: number | null, countedAt: string | null, lastSeenAt: string, isAbsent: boolean }>, analysisQueues: Array<{ __typename: 'AnalysisQueue', analyser: string, waiting: number, started: number, failed: number, oldestWaitingAt: string | null }> }, expiringMedia: { __typename: 'ExpiringMedia', count: number, firstAt: string | null }, failureReasons: Array<{ __typename: 'FailureReason', stage: FailureStage, fate: Fate | null, analyser: string | null, reason: string, example: string | null, count: number, retrying: number }> };

export type FailureCountFragment = { __typename: 'FailureReason', stage: FailureStage, fate: Fate | null, analyser: string | null, reason: string, example: string | null, count: number, retrying: number };

export type ThroughputQueryVariables = Exact<{
  unit: ThroughputUnit;
}>;


export type ThroughputQuery = { __typename: 'Query', throughput: Array<{ __typename: 'Throughput', start: string, fetched: number, archived: number, analysed: number }> };

export type RunsInHandQueryVariables = Exact<{ [key: string]: never; }>;


export type RunsInHandQuery = { __typename: 'Query', running: { __typename: 'QueryImportRunsConnection', nodes: Array<{ __typename: 'ImportRun', id: string, kind: ImportKind, status: string | null, startedAt: string | null, completedAt: string | null, errorMessage: string | null, files: Array<string>, bytesRead: number, bytesTotal: number, postsProcessed: number, postsNew: number, postsKnown: number, postsRejected: number, mediaFound: number, mediaNew: number, mediaRefreshed: number }> }, queued: { __typename: 'QueryImportRunsConnection', nodes: Array<{ __typename: 'ImportRun', id: string, kind: ImportKind, status: string | null, startedAt: string | null, completedAt: string | null, errorMessage: string | null, files: Array<string>, bytesRead: number, bytesTotal: number, postsProcessed: number, postsNew: number, postsKnown: number, postsRejected: number, mediaFound: number, mediaNew: number, mediaRefreshed: number }> } };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { __typename: 'Query', viewer: { __typename: 'Viewer', name: string, scopes: Array<ApiScope> } };

export type SchemaStateQueryVariables = Exact<{ [key: string]: never; }>;


export type SchemaStateQuery = { __typename: 'Query', schemaVerification: { __typename: 'SchemaVerification', ok: boolean, checkCount: number, failureCount: number, warningCount: number, durationMs: number, checks: Array<{ __typename: 'SchemaCheck', object: string, expected: string, actual: string, isError: boolean, mend: string | null }> } };

export type FailedMediaIdsQueryVariables = Exact<{
  filter?: MediaFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type FailedMediaIdsQuery = { __typename: 'Query', mediaItems: { __typename: 'MediaConnection', nodes: Array<{ __typename: 'Media', id: string }>, pageInfo: { __typename: 'PageInfo', endCursor: string | null, hasNextPage: boolean } } };

export type RequeueFailedAnalysesMutationVariables = Exact<{
  filter?: MediaFilter | null | undefined;
  analysers?: Array<string> | string | null | undefined;
}>;


export type RequeueFailedAnalysesMutation = { __typename: 'Mutation', requeueAnalysis:
    | { __typename: 'InvalidInputError', code: string, message: string }
    | { __typename: 'MediaNotFoundError', code: string, message: string }
    | { __typename: 'RequeueAnalysisPayload', count: number }
    | { __typename: 'UnknownAnalyserError', code: string, message: string }
   };

export const MediaCheckResultFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MediaCheckResult"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaCheck"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cache"}},{"kind":"Field","name":{"kind":"Name","value":"archive"}},{"kind":"Field","name":{"kind":"Name","value":"error"}}]}}]} as unknown as DocumentNode<MediaCheckResultFragment, unknown>;
export const RunCountsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RunCounts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"errorMessage"}},{"kind":"Field","name":{"kind":"Name","value":"files"}},{"kind":"Field","name":{"kind":"Name","value":"bytesRead"}},{"kind":"Field","name":{"kind":"Name","value":"bytesTotal"}},{"kind":"Field","name":{"kind":"Name","value":"postsProcessed"}},{"kind":"Field","name":{"kind":"Name","value":"postsNew"}},{"kind":"Field","name":{"kind":"Name","value":"postsKnown"}},{"kind":"Field","name":{"kind":"Name","value":"postsRejected"}},{"kind":"Field","name":{"kind":"Name","value":"mediaFound"}},{"kind":"Field","name":{"kind":"Name","value":"mediaNew"}},{"kind":"Field","name":{"kind":"Name","value":"mediaRefreshed"}}]}}]} as unknown as DocumentNode<RunCountsFragment, unknown>;
export const MediaTileFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MediaTile"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Media"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}},{"kind":"Field","name":{"kind":"Name","value":"fate"}},{"kind":"Field","name":{"kind":"Name","value":"aiAnalysisStatus"}},{"kind":"Field","name":{"kind":"Name","value":"archiveUrl"}},{"kind":"Field","name":{"kind":"Name","value":"postedAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"thumbhash"}},{"kind":"Field","name":{"kind":"Name","value":"thumbnailUrl"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"width"},"value":{"kind":"IntValue","value":"320"}}]}]}}]} as unknown as DocumentNode<MediaTileFragment, unknown>;
export const FailureCountFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FailureCount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailureReason"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"fate"}},{"kind":"Field","name":{"kind":"Name","value":"analyser"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"example"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"retrying"}}]}}]} as unknown as DocumentNode<FailureCountFragment, unknown>;
export const ArchiveMediaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ArchiveMedia"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"mediaIds"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"archiveMedia"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"mediaIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"mediaIds"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ArchiveMediaPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"states"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaNotFoundError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaIds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ArchiveMediaMutation, ArchiveMediaMutationVariables>;
export const VerifyMediaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"VerifyMedia"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"mediaIds"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verifyMedia"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"mediaIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"mediaIds"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaChecksPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MediaCheckResult"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaNotFoundError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaIds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MediaCheckResult"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaCheck"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cache"}},{"kind":"Field","name":{"kind":"Name","value":"archive"}},{"kind":"Field","name":{"kind":"Name","value":"error"}}]}}]} as unknown as DocumentNode<VerifyMediaMutation, VerifyMediaMutationVariables>;
export const RestoreMediaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RestoreMedia"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"mediaIds"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"restoreMedia"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"mediaIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"mediaIds"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaChecksPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MediaCheckResult"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaNotFoundError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaIds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MediaCheckResult"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaCheck"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"cache"}},{"kind":"Field","name":{"kind":"Name","value":"archive"}},{"kind":"Field","name":{"kind":"Name","value":"error"}}]}}]} as unknown as DocumentNode<RestoreMediaMutation, RestoreMediaMutationVariables>;
export const DownloadMediaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DownloadMedia"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"mediaIds"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"downloadMedia"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"mediaIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"mediaIds"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaNotFoundError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaIds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DownloadMediaMutation, DownloadMediaMutationVariables>;
export const RequeueAnalysisDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RequeueAnalysis"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"mediaIds"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requeueAnalysis"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"mediaIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"mediaIds"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RequeueAnalysisPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaNotFoundError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaIds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<RequeueAnalysisMutation, RequeueAnalysisMutationVariables>;
export const RejectMediaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RejectMedia"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"mediaId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"reason"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rejectMedia"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"mediaId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"mediaId"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"reason"},"value":{"kind":"Variable","name":{"kind":"Name","value":"reason"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaNotFoundError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaIds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<RejectMediaMutation, RejectMediaMutationVariables>;
export const UnrejectMediaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UnrejectMedia"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"mediaId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"unrejectMedia"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"mediaId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"mediaId"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MediaNotFoundError"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaIds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<UnrejectMediaMutation, UnrejectMediaMutationVariables>;
export const ImportRunsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ImportRuns"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importRuns"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"25"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RunCounts"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RunCounts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"errorMessage"}},{"kind":"Field","name":{"kind":"Name","value":"files"}},{"kind":"Field","name":{"kind":"Name","value":"bytesRead"}},{"kind":"Field","name":{"kind":"Name","value":"bytesTotal"}},{"kind":"Field","name":{"kind":"Name","value":"postsProcessed"}},{"kind":"Field","name":{"kind":"Name","value":"postsNew"}},{"kind":"Field","name":{"kind":"Name","value":"postsKnown"}},{"kind":"Field","name":{"kind":"Name","value":"postsRejected"}},{"kind":"Field","name":{"kind":"Name","value":"mediaFound"}},{"kind":"Field","name":{"kind":"Name","value":"mediaNew"}},{"kind":"Field","name":{"kind":"Name","value":"mediaRefreshed"}}]}}]} as unknown as DocumentNode<ImportRunsQuery, ImportRunsQueryVariables>;
export const ImportRunDetailDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ImportRunDetail"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importRun"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RunCounts"}},{"kind":"Field","name":{"kind":"Name","value":"formats"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"skippedItems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rejectedPosts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"file"}},{"kind":"Field","name":{"kind":"Name","value":"postIndex"}},{"kind":"Field","name":{"kind":"Name","value":"pointer"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"excerpt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RunCounts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"errorMessage"}},{"kind":"Field","name":{"kind":"Name","value":"files"}},{"kind":"Field","name":{"kind":"Name","value":"bytesRead"}},{"kind":"Field","name":{"kind":"Name","value":"bytesTotal"}},{"kind":"Field","name":{"kind":"Name","value":"postsProcessed"}},{"kind":"Field","name":{"kind":"Name","value":"postsNew"}},{"kind":"Field","name":{"kind":"Name","value":"postsKnown"}},{"kind":"Field","name":{"kind":"Name","value":"postsRejected"}},{"kind":"Field","name":{"kind":"Name","value":"mediaFound"}},{"kind":"Field","name":{"kind":"Name","value":"mediaNew"}},{"kind":"Field","name":{"kind":"Name","value":"mediaRefreshed"}}]}}]} as unknown as DocumentNode<ImportRunDetailQuery, ImportRunDetailQueryVariables>;
export const ImportPostsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ImportPosts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"file"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Upload"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"path"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importPosts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"file"},"value":{"kind":"Variable","name":{"kind":"Name","value":"file"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"path"},"value":{"kind":"Variable","name":{"kind":"Name","value":"path"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ImportPostsMutation, ImportPostsMutationVariables>;
export const MediaDetailDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MediaDetail"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaItem"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MediaTile"}},{"kind":"Field","name":{"kind":"Name","value":"mediaId"}},{"kind":"Field","name":{"kind":"Name","value":"mediaUrl"}},{"kind":"Field","name":{"kind":"Name","value":"fetchUrl"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","alias":{"kind":"Name","value":"largeUrl"},"name":{"kind":"Name","value":"thumbnailUrl"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"width"},"value":{"kind":"IntValue","value":"1280"}}]},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"fileSize"}},{"kind":"Field","name":{"kind":"Name","value":"md5Sum"}},{"kind":"Field","name":{"kind":"Name","value":"sha256Sum"}},{"kind":"Field","name":{"kind":"Name","value":"localFilePath"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"jsonPointers"}},{"kind":"Field","name":{"kind":"Name","value":"claimedMimeType"}},{"kind":"Field","name":{"kind":"Name","value":"lengthVerified"}},{"kind":"Field","name":{"kind":"Name","value":"fateAt"}},{"kind":"Field","name":{"kind":"Name","value":"fateReason"}},{"kind":"Field","name":{"kind":"Name","value":"fetchedAt"}},{"kind":"Field","name":{"kind":"Name","value":"altText"}},{"kind":"Field","name":{"kind":"Name","value":"attestedHash"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"algorithm"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"matches"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sourceFile"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"member"}},{"kind":"Field","name":{"kind":"Name","value":"container"}},{"kind":"Field","name":{"kind":"Name","value":"sha256"}},{"kind":"Field","name":{"kind":"Name","value":"readAt"}},{"kind":"Field","name":{"kind":"Name","value":"problem"}}]}},{"kind":"Field","name":{"kind":"Name","value":"inspectedAt"}},{"kind":"Field","name":{"kind":"Name","value":"findings"}},{"kind":"Field","name":{"kind":"Name","value":"archivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"archiveVerifiedAt"}},{"kind":"Field","name":{"kind":"Name","value":"downloadNotBefore"}},{"kind":"Field","name":{"kind":"Name","value":"urlExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"aiAnalyzedAt"}},{"kind":"Field","name":{"kind":"Name","value":"aiAnalysisEvents"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"timestamp"}},{"kind":"Field","name":{"kind":"Name","value":"event"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"model"}},{"kind":"Field","name":{"kind":"Name","value":"details"}}]}},{"kind":"Field","name":{"kind":"Name","value":"perceptualHash"}},{"kind":"Field","name":{"kind":"Name","value":"analyses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"analyser"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"}},{"kind":"Field","name":{"kind":"Name","value":"notBefore"}},{"kind":"Field","name":{"kind":"Name","value":"result"}},{"kind":"Field","name":{"kind":"Name","value":"error"}},{"kind":"Field","name":{"kind":"Name","value":"model"}},{"kind":"Field","name":{"kind":"Name","value":"tokensUsed"}},{"kind":"Field","name":{"kind":"Name","value":"costUsd"}},{"kind":"Field","name":{"kind":"Name","value":"durationMs"}},{"kind":"Field","name":{"kind":"Name","value":"finishedAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"duplicates"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"24"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MediaTile"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"post"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"platform"}},{"kind":"Field","name":{"kind":"Name","value":"postType"}},{"kind":"Field","name":{"kind":"Name","value":"authorUsername"}},{"kind":"Field","name":{"kind":"Name","value":"authorName"}},{"kind":"Field","name":{"kind":"Name","value":"language"}},{"kind":"Field","name":{"kind":"Name","value":"findings"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}},{"kind":"Field","name":{"kind":"Name","value":"textContent"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"postedAt"}},{"kind":"Field","name":{"kind":"Name","value":"media"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"24"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MediaTile"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MediaTile"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Media"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}},{"kind":"Field","name":{"kind":"Name","value":"fate"}},{"kind":"Field","name":{"kind":"Name","value":"aiAnalysisStatus"}},{"kind":"Field","name":{"kind":"Name","value":"archiveUrl"}},{"kind":"Field","name":{"kind":"Name","value":"postedAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"thumbhash"}},{"kind":"Field","name":{"kind":"Name","value":"thumbnailUrl"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"width"},"value":{"kind":"IntValue","value":"320"}}]}]}}]} as unknown as DocumentNode<MediaDetailQuery, MediaDetailQueryVariables>;
export const SimilarMediaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SimilarMedia"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaItems"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"24"}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"similarTo"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"mediaId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MediaTile"}},{"kind":"Field","name":{"kind":"Name","value":"sha256Sum"}},{"kind":"Field","name":{"kind":"Name","value":"perceptualHash"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MediaTile"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Media"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}},{"kind":"Field","name":{"kind":"Name","value":"fate"}},{"kind":"Field","name":{"kind":"Name","value":"aiAnalysisStatus"}},{"kind":"Field","name":{"kind":"Name","value":"archiveUrl"}},{"kind":"Field","name":{"kind":"Name","value":"postedAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"thumbhash"}},{"kind":"Field","name":{"kind":"Name","value":"thumbnailUrl"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"width"},"value":{"kind":"IntValue","value":"320"}}]}]}}]} as unknown as DocumentNode<SimilarMediaQuery, SimilarMediaQueryVariables>;
export const EventCursorDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EventCursor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"eventCursor"}}]}}]} as unknown as DocumentNode<EventCursorQuery, EventCursorQueryVariables>;
export const MediaStatusChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"MediaStatusChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaStatusFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaStatusChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"mediaId"}},{"kind":"Field","name":{"kind":"Name","value":"postId"}},{"kind":"Field","name":{"kind":"Name","value":"what"}},{"kind":"Field","name":{"kind":"Name","value":"previousStatus"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"changedAt"}}]}}]}}]} as unknown as DocumentNode<MediaStatusChangedSubscription, MediaStatusChangedSubscriptionVariables>;
export const ImportProgressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ImportProgress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"runId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importProgress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"runId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"runId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"runId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"errorMessage"}},{"kind":"Field","name":{"kind":"Name","value":"bytesTotal"}},{"kind":"Field","name":{"kind":"Name","value":"bytesRead"}},{"kind":"Field","name":{"kind":"Name","value":"postsProcessed"}},{"kind":"Field","name":{"kind":"Name","value":"postsNew"}},{"kind":"Field","name":{"kind":"Name","value":"postsKnown"}},{"kind":"Field","name":{"kind":"Name","value":"postsRejected"}},{"kind":"Field","name":{"kind":"Name","value":"mediaFound"}},{"kind":"Field","name":{"kind":"Name","value":"mediaNew"}},{"kind":"Field","name":{"kind":"Name","value":"mediaRefreshed"}}]}}]}}]} as unknown as DocumentNode<ImportProgressSubscription, ImportProgressSubscriptionVariables>;
export const MediaPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MediaPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaOrder"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"skip"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}},"defaultValue":{"kind":"StringValue","value":"","block":false}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"isSearch"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}},"defaultValue":{"kind":"BooleanValue","value":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaItems"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"skip"},"value":{"kind":"Variable","name":{"kind":"Name","value":"skip"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MediaTile"}},{"kind":"Field","name":{"kind":"Name","value":"searchSnippet"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}}],"directives":[{"kind":"Directive","name":{"kind":"Name","value":"include"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"if"},"value":{"kind":"Variable","name":{"kind":"Name","value":"isSearch"}}}]}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"isMatch"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MediaTile"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Media"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}},{"kind":"Field","name":{"kind":"Name","value":"fate"}},{"kind":"Field","name":{"kind":"Name","value":"aiAnalysisStatus"}},{"kind":"Field","name":{"kind":"Name","value":"archiveUrl"}},{"kind":"Field","name":{"kind":"Name","value":"postedAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"thumbhash"}},{"kind":"Field","name":{"kind":"Name","value":"thumbnailUrl"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"width"},"value":{"kind":"IntValue","value":"320"}}]}]}}]} as unknown as DocumentNode<MediaPageQuery, MediaPageQueryVariables>;
export const MediaFacetsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MediaFacets"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaFacets"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"types"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"platforms"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fates"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"statuses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]}}]} as unknown as DocumentNode<MediaFacetsQuery, MediaFacetsQueryVariables>;
export const AuthorsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Authors"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"prefix"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"authors"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"prefix"},"value":{"kind":"Variable","name":{"kind":"Name","value":"prefix"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}]}]}}]} as unknown as DocumentNode<AuthorsQuery, AuthorsQueryVariables>;
export const MediaTimelineDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MediaTimeline"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaOrder"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaTimeline"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"month"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}}]}}]}}]} as unknown as DocumentNode<MediaTimelineQuery, MediaTimelineQueryVariables>;
export const MediaFilesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MediaFiles"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Media"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"localFilePath"}}]}}]}}]}}]} as unknown as DocumentNode<MediaFilesQuery, MediaFilesQueryVariables>;
export const OverviewDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Overview"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaStats"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"steps"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"done"}},{"kind":"Field","name":{"kind":"Name","value":"toGo"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"retrying"}},{"kind":"Field","name":{"kind":"Name","value":"inHand"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"oldestWaitingAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"mediaByFate"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"Field","name":{"kind":"Name","value":"mediaCount"}},{"kind":"Field","name":{"kind":"Name","value":"contentCount"}},{"kind":"Field","name":{"kind":"Name","value":"contentBytes"}},{"kind":"Field","name":{"kind":"Name","value":"archivedContentCount"}},{"kind":"Field","name":{"kind":"Name","value":"archivedContentBytes"}},{"kind":"Field","name":{"kind":"Name","value":"deduplicatedMediaCount"}},{"kind":"Field","name":{"kind":"Name","value":"deduplicatedBytes"}},{"kind":"Field","name":{"kind":"Name","value":"caches"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"host"}},{"kind":"Field","name":{"kind":"Name","value":"fileCount"}},{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"countedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastSeenAt"}},{"kind":"Field","name":{"kind":"Name","value":"isAbsent"}}]}},{"kind":"Field","name":{"kind":"Name","value":"analysisQueues"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"analyser"}},{"kind":"Field","name":{"kind":"Name","value":"waiting"}},{"kind":"Field","name":{"kind":"Name","value":"started"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}},{"kind":"Field","name":{"kind":"Name","value":"oldestWaitingAt"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"expiringMedia"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"withinHours"},"value":{"kind":"IntValue","value":"24"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"firstAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"failureReasons"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"limit"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"FailureCount"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"FailureCount"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"FailureReason"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"fate"}},{"kind":"Field","name":{"kind":"Name","value":"analyser"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"example"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"retrying"}}]}}]} as unknown as DocumentNode<OverviewQuery, OverviewQueryVariables>;
export const ThroughputDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Throughput"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"unit"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ThroughputUnit"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"throughput"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"unit"},"value":{"kind":"Variable","name":{"kind":"Name","value":"unit"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"start"}},{"kind":"Field","name":{"kind":"Name","value":"fetched"}},{"kind":"Field","name":{"kind":"Name","value":"archived"}},{"kind":"Field","name":{"kind":"Name","value":"analysed"}}]}}]}}]} as unknown as DocumentNode<ThroughputQuery, ThroughputQueryVariables>;
export const RunsInHandDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RunsInHand"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","alias":{"kind":"Name","value":"running"},"name":{"kind":"Name","value":"importRuns"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}},{"kind":"Argument","name":{"kind":"Name","value":"status"},"value":{"kind":"StringValue","value":"running","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RunCounts"}}]}}]}},{"kind":"Field","alias":{"kind":"Name","value":"queued"},"name":{"kind":"Name","value":"importRuns"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}},{"kind":"Argument","name":{"kind":"Name","value":"status"},"value":{"kind":"StringValue","value":"queued","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RunCounts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RunCounts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImportRun"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"completedAt"}},{"kind":"Field","name":{"kind":"Name","value":"errorMessage"}},{"kind":"Field","name":{"kind":"Name","value":"files"}},{"kind":"Field","name":{"kind":"Name","value":"bytesRead"}},{"kind":"Field","name":{"kind":"Name","value":"bytesTotal"}},{"kind":"Field","name":{"kind":"Name","value":"postsProcessed"}},{"kind":"Field","name":{"kind":"Name","value":"postsNew"}},{"kind":"Field","name":{"kind":"Name","value":"postsKnown"}},{"kind":"Field","name":{"kind":"Name","value":"postsRejected"}},{"kind":"Field","name":{"kind":"Name","value":"mediaFound"}},{"kind":"Field","name":{"kind":"Name","value":"mediaNew"}},{"kind":"Field","name":{"kind":"Name","value":"mediaRefreshed"}}]}}]} as unknown as DocumentNode<RunsInHandQuery, RunsInHandQueryVariables>;
export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"scopes"}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;
export const SchemaStateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SchemaState"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"schemaVerification"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ok"}},{"kind":"Field","name":{"kind":"Name","value":"checkCount"}},{"kind":"Field","name":{"kind":"Name","value":"failureCount"}},{"kind":"Field","name":{"kind":"Name","value":"warningCount"}},{"kind":"Field","name":{"kind":"Name","value":"durationMs"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"onlyDiffering"},"value":{"kind":"BooleanValue","value":true}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"object"}},{"kind":"Field","name":{"kind":"Name","value":"expected"}},{"kind":"Field","name":{"kind":"Name","value":"actual"}},{"kind":"Field","name":{"kind":"Name","value":"isError"}},{"kind":"Field","name":{"kind":"Name","value":"mend"}}]}}]}}]}}]} as unknown as DocumentNode<SchemaStateQuery, SchemaStateQueryVariables>;
export const FailedMediaIdsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FailedMediaIds"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaItems"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"CREATED_AT"}},{"kind":"ObjectField","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"ASC"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"endCursor"}},{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}}]}}]}}]}}]} as unknown as DocumentNode<FailedMediaIdsQuery, FailedMediaIdsQueryVariables>;
export const RequeueFailedAnalysesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RequeueFailedAnalyses"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"analysers"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requeueAnalysis"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"analysers"},"value":{"kind":"Variable","name":{"kind":"Name","value":"analysers"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"limit"},"value":{"kind":"IntValue","value":"100000"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RequeueAnalysisPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<RequeueFailedAnalysesMutation, RequeueFailedAnalysesMutationVariables>;