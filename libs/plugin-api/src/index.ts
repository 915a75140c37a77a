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
export { checkSourcePost } from './check-source-post.ts'
export { MEDIA_TYPES, PICTURED_MEDIA_TYPES, type MediaType } from './media-types.ts'
export { loadPlugins, PluginError, type AnalyserPlugin, type Plugins } from './load-plugins.ts'
export {
  InvalidPostError,
  MAX_MEDIA_REFERENCES,
  MEDIA_ROLES,
  type JsonObject,
  type JsonValue,
  type MediaReference,
  type MediaRole,
  type SourceFormat,
  type SourcePost,
} from './source-format.ts'
export { unescapeUrl } from './unescape-url.ts'
