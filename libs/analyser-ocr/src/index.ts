export { analyser } from './analyser.ts'
export { findLanguages, MissingLanguageError } from './languages.ts'
