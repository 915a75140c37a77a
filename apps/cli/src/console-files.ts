import { fileURLToPath } from 'node:url'

const path = (specifier: string): string => fileURLToPath(import.meta.resolve(specifier))

/** What the build of the console left, and the operations that it sends by their ids. */
export const consoleFiles = {
  folder: fileURLToPath(new URL('dist', import.meta.resolve('@mediakeep/web/package.json'))),
  operations: path('@mediakeep/client/persisted-documents.json'),
} as const
