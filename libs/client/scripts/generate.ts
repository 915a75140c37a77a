/**
 * Writes what follows from `apps/api/schema.graphql` and `src/documents/`: the typed documents, and the manifest
 * of persisted operations with the ids that the client sends in their place.
 */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { generate } from '@graphql-codegen/cli'
import { formatDocument, stringifyDocument } from '@urql/core'
import { Kind, type DocumentNode } from 'graphql'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const documentsFile = path('../src/generated/documents.ts')

await generate(
  {
    schema: path('../../../apps/api/schema.graphql'),
    documents: path('../src/documents/*.graphql'),
    silent: true,
    generates: {
      [documentsFile]: {
        plugins: ['typescript-operations', 'typed-document-node'],
        config: {
          enumsAsTypes: true,
          useTypeImports: true,
          optimizeDocumentNode: true,
          scalars: {
            ID: 'string',
            BigInt: 'number',
            DateTime: 'string',
            JSON: 'unknown',
            Upload: 'File | Blob',
          },
          strictScalars: true,
          nonOptionalTypename: true,
        },
      },
    },
  },
  true,
)

const generated = (await import(documentsFile)) as Record<string, DocumentNode>
const operations = Object.values(generated)
  .filter((document) => document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION))
  // As the client's cache asks for it: with __typename wherever there is an object.
  .map((document) => stringifyDocument(formatDocument(document) as DocumentNode))
  .sort()

const ids: Record<string, string> = {}
const manifest: Record<string, string> = {}
for (const text of operations) {
  const id = createHash('sha256').update(text).digest('hex')
  const name = /^(?:query|mutation|subscription) (\w+)/.exec(text)?.[1]
  if (name === undefined) throw new Error(`An operation has no name: ${text}`)
  ids[name] = id
  manifest[id] = text
}
await writeFile(
  path('../src/generated/persisted-documents.json'),
  `${JSON.stringify(manifest, undefined, 2)}\n`,
)
await writeFile(
  path('../src/generated/operation-ids.ts'),
  `/** The id of each operation in \`persisted-documents.json\`: the SHA-256 of its text. */
export const operationIds: Readonly<Record<string, string>> = ${JSON.stringify(ids, undefined, 2)}\n`,
)
