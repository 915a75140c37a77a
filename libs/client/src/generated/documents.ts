/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type AnalysisStatus =
  | 'completed'
  | 'failed'
  | 'not_started'
  | 'started';

/** What became of a media reference. `failed` will be tried again while downloadNotBefore is set. */
export type Fate =
  | 'blocked'
  | 'expired'
  | 'failed'
  | 'fetched'
  | 'gone'
  | 'rejected'
  | 'waiting';

/** Media that meet every condition given. */
export type MediaFilter = {
  archived?: boolean | null | undefined;
  /** The user name of the post's author, exactly. */
  author?: string | null | undefined;
  /** At this time or later. */
  createdAfter?: string | null | undefined;
  /** Before this time. */
  createdBefore?: string | null | undefined;
  fate?: Fate | null | undefined;
  /** Where the file comes from: host[:port]. */
  host?: string | null | undefined;
  md5Sum?: string | null | undefined;
  platform?: string | null | undefined;
  postId?: string | null | undefined;
  /** At this time or later. */
  postedAfter?: string | null | undefined;
  /** Before this time. */
  postedBefore?: string | null | undefined;
  role?: MediaRole | null | undefined;
  sha256Sum?: string | null | undefined;
  status?: AnalysisStatus | null | undefined;
  /** Words of the post's text, as one writes them into a search box. */
  text?: string | null | undefined;
  type?: MediaKind | null | undefined;
};

export type MediaKind =
  | 'document'
  | 'image'
  | 'video';

export type MediaOrder = {
  direction?: OrderDirection | null | undefined;
  field?: MediaOrderField | null | undefined;
};

export type MediaOrderField =
  | 'CREATED_AT'
  | 'POSTED_AT';

/** What a media reference is to its post, the strongest where it has several. */
export type MediaRole =
  | 'article'
  | 'avatar'
  | 'content'
  | 'reshare'
  | 'thumbnail';

export type OrderDirection =
  | 'ASC'
  | 'DESC';

export type MediaTileFragment = { __typename: 'Media', id: string, mediaType: string, mimeType: string | null, width: number | null, height: number | null, fate: Fate, aiAnalysisStatus: AnalysisStatus, archiveUrl: string | null, postedAt: string | null, createdAt: string | null, thumbnailUrl: string | null };

export type MediaPageQueryVariables = Exact<{
  filter?: MediaFilter | null | undefined;
  orderBy?: MediaOrder | null | undefined;
  first: number;
  after?: string | null | undefined;
  skip?: number | null | undefined;
}>;


export type MediaPageQuery = { __typename: 'Query', mediaItems: { __typename: 'MediaConnection', nodes: Array<{ __typename: 'Media', id: string, mediaType: string, mimeType: string | null, width: number | null, height: number | null, fate: Fate, aiAnalysisStatus: AnalysisStatus, archiveUrl: string | null, postedAt: string | null, createdAt: string | null, thumbnailUrl: string | null }> } };

export type MediaTimelineQueryVariables = Exact<{
  filter?: MediaFilter | null | undefined;
  orderBy?: MediaOrder | null | undefined;
}>;


export type MediaTimelineQuery = { __typename: 'Query', mediaTimeline: Array<{ __typename: 'TimelineMonth', month: string, count: number, startCursor: string }> };

export const MediaTileFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MediaTile"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Media"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"fate"}},{"kind":"Field","name":{"kind":"Name","value":"aiAnalysisStatus"}},{"kind":"Field","name":{"kind":"Name","value":"archiveUrl"}},{"kind":"Field","name":{"kind":"Name","value":"postedAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"thumbnailUrl"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"width"},"value":{"kind":"IntValue","value":"320"}}]}]}}]} as unknown as DocumentNode<MediaTileFragment, unknown>;
export const MediaPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MediaPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaOrder"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"skip"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaItems"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"skip"},"value":{"kind":"Variable","name":{"kind":"Name","value":"skip"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MediaTile"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MediaTile"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Media"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}},{"kind":"Field","name":{"kind":"Name","value":"mimeType"}},{"kind":"Field","name":{"kind":"Name","value":"width"}},{"kind":"Field","name":{"kind":"Name","value":"height"}},{"kind":"Field","name":{"kind":"Name","value":"fate"}},{"kind":"Field","name":{"kind":"Name","value":"aiAnalysisStatus"}},{"kind":"Field","name":{"kind":"Name","value":"archiveUrl"}},{"kind":"Field","name":{"kind":"Name","value":"postedAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"thumbnailUrl"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"width"},"value":{"kind":"IntValue","value":"320"}}]}]}}]} as unknown as DocumentNode<MediaPageQuery, MediaPageQueryVariables>;
export const MediaTimelineDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MediaTimeline"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MediaOrder"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"mediaTimeline"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"month"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}}]}}]}}]} as unknown as DocumentNode<MediaTimelineQuery, MediaTimelineQueryVariables>;