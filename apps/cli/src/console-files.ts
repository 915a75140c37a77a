import { fileURLToPath } from 'node:url'

const path = (specifier: string): string => fileURLToPath(import.meta.resolve(specifier))

/** Build output of the console, and the operations that it sends by id. */
export const consoleFiles = {
  folder: fileURLToPath(new URL('dist', import.meta.resolve('@mediakeep/web/package.json'))),
  operations: path('@mediakeep/client/persisted-documents.json'),
} as const
