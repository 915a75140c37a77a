import { readFile } from 'node:fs/promises'
import { parse, validate } from 'graphql'
import { z } from 'zod'
import { schema } from '../schema.ts'
import { RequestError } from './request-error.ts'
import type { Params } from './request-params.ts'

export interface PersistedOperations {
  /** Documents by id. */
  readonly documents: ReadonlyMap<string, string>
  /** True: only persisted operations may run. */
  readonly only: boolean
}

/** The manifest cannot be used; the message says why. */
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
 * Reads the operations that clients send by id: `{"id": "query …"}`, as written by Relay and GraphQL Code Generator,
 * or Apollo's manifest (`{"operations": [{"id", "body"}]}`).
 *
 * @throws ManifestError when the file is not a manifest, or one of its operations is not valid here
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

/**
 * Returns the text of the requested operation: by the id of the upcoming GraphQL-over-HTTP appendix (`documentId`), by
 * Apollo's hash, or the query itself where that is allowed.
 *
 * @returns undefined when the request names no operation @throws RequestError when the operation may not run
 */
export function textOf(params: Params, persisted: PersistedOperations | undefined): string | undefined {
  const { documentId = hashOf(params), query } = params
  const known = documentId === undefined ? undefined : persisted?.documents.get(documentId)
  if (known !== undefined) return known
  if (persisted?.only === true && documentId === undefined)
    throw new RequestError(
      403,
      'PERSISTED_QUERY_ONLY',
      'PersistedQueryOnly: this server runs listed operations alone.',
    )
  if (documentId !== undefined && (persisted?.only === true || query === undefined))
    throw new RequestError(404, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
  return query
}

function hashOf({ extensions }: Params): string | undefined {
  const hash = (extensions?.['persistedQuery'] as { sha256Hash?: unknown } | null | undefined)?.sha256Hash
  return typeof hash === 'string' ? hash : undefined
}
