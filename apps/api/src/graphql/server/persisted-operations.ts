import { readFile } from 'node:fs/promises'
import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations'
import { parse, validate } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { z } from 'zod'
import { schema } from '../schema.ts'

export interface PersistedOperations {
  /** Documents by their id. */
  readonly documents: ReadonlyMap<string, string>
  /** Whether nothing else runs. */
  readonly only: boolean
}

/** A manifest that cannot be used; the message says what of it. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError'
  readonly code = 'invalid_manifest'
}

const manifest = z.union([
  z
    .object({ operations: z.array(z.object({ id: z.string().min(1), body: z.string() })) })
    .transform(({ operations }) => new Map(operations.map(({ id, body }) => [id, body]))),
  z.record(z.string(), z.string()).transform((documents) => new Map(Object.entries(documents))),
])

/**
 * Reads the operations that clients send by their ids: `{"id": "query …"}`, as Relay and GraphQL Code Generator
 * write it, or Apollo's manifest (`{"operations": [{"id", "body"}]}`).
 *
 * @throws ManifestError when it is no manifest, or an operation of it is not valid here
 */
export async function readPersistedOperations(path: string): Promise<ReadonlyMap<string, string>> {
  const documents = await readManifest(path)
  for (const [id, text] of documents) {
    const [problem] = problemsOf(text)
    if (problem !== undefined) throw new ManifestError(`The operation "${id}" of ${path}: ${problem}`)
  }
  return documents
}

async function readManifest(path: string): Promise<Map<string, string>> {
  try {
    return manifest.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new ManifestError(`${path} is no manifest of operations: {"id": "query …"}.`, { cause })
  }
}

function problemsOf(text: string): string[] {
  try {
    return validate(schema, parse(text)).map(({ message }) => message)
  } catch (error) {
    return [(error as Error).message]
  }
}

/** Finds operations by the id of the coming GraphQL-over-HTTP appendix (`documentId`), or Apollo's hash. */
export function persistedOperations({ documents, only }: PersistedOperations): Plugin {
  return usePersistedOperations({
    allowArbitraryOperations: !only,
    getPersistedOperation: (id) => documents.get(id) ?? null,
    extractPersistedOperationId: idOf,
  })
}

function idOf(params: GraphQLParams, request: Request): string | null {
  const { documentId = URL.parse(request.url)?.searchParams.get('documentId') } = params as {
    readonly documentId?: unknown
  }
  if (typeof documentId === 'string') return documentId
  const hash = (params.extensions?.['persistedQuery'] as { sha256Hash?: unknown } | undefined)?.sha256Hash
  return typeof hash === 'string' ? hash : null
}
