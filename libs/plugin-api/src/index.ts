export {
  AnalysisError,
  type Analyser,
  type Analysis,
  type AnalysisContext,
  type AnalysisErrorOptions,
  type AnalysisInput,
  type AnalysisUsage,
  type DailyBudget,
  type Picture,
  type PictureOptions,
} from './analyser.ts'
export { compactFacts, textFact } from './facts.ts'
export { pictureOrNone } from './picture-or-none.ts'
export { checkSourcePost, isSkippedItem } from './check-source-post.ts'
export { MEDIA_TYPES, PICTURED_MEDIA_TYPES, type MediaType } from './media-types.ts'
export { plainMessage } from './plain-message.ts'
export { loadPlugins, PluginError, type AnalyserPlugin, type Plugins } from './load-plugins.ts'
export {
  InvalidPostError,
  type FileEncoding,
  type FileRule,
  type Place,
  type SkippedItem,
  type SourceFormat,
  type UnwrappedItem,
} from './source-format.ts'
export {
  MAX_MEDIA_REFERENCES,
  MEDIA_ROLES,
  POST_LINK_KINDS,
  type AttestedBytes,
  type Author,
  type JsonObject,
  type JsonValue,
  type MediaCandidate,
  type MediaReference,
  type MediaRole,
  type PostLink,
  type SourcePost,
} from './source-post.ts'
export { pathsOf, placeOf } from './place.ts'
export { fixLatin1Text } from './fix-latin1-text.ts'
export { unescapeUrl } from './unescape-url.ts'
