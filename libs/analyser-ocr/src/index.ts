export { analyser } from './analyser.ts'
export { findLanguages, gatherLanguages, MissingLanguageError, type Language } from './languages.ts'
