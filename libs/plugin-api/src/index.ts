export { loadPlugins, PluginError, type Plugins } from './load-plugins.ts'
export {
  InvalidPostError,
  type JsonObject,
  type JsonValue,
  type MediaReference,
  type MediaRole,
  type SourceFormat,
  type SourcePost,
} from './source-format.ts'
