import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import {
  getNamedType,
  isInputObjectType,
  isInputType,
  typeFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'
import { ImportSourceError } from '../context/import-sources.ts'
import type { Prepared } from './prepare.ts'
import { badRequest, RequestError } from './request-error.ts'

/** Maximum number of requests with files at once. Each may send the maximum size of a request. */
const MAX_UPLOADS = 8

/** The spooled files of one request, by token. */
export interface Uploads {
  /** @returns the path of a file, which the caller now owns @throws ImportSourceError */
  keep(token: string): string
  /** Removes the files that were not kept. */
  discard(): Promise<void>
}

export function spooled(byToken: Map<string, string>): Uploads {
  return {
    keep(token) {
      const path = byToken.get(token)
      if (path === undefined)
        throw new ImportSourceError(
          'upload_not_found',
          'The file must be sent in the same multipart request.',
        )
      byToken.delete(token)
      return path
    },
    async discard() {
      const paths = [...byToken.values()]
      byToken.clear()
      await removeAll(paths)
    },
  }
}

/** Removes files together with their folders; each file has its own. */
export async function removeAll(paths: Iterable<string>): Promise<void> {
  await Promise.all(Array.from(paths, (path) => rm(dirname(path), { recursive: true, force: true })))
}

/** The uploads of a request without files. */
export const noUploads: Uploads = spooled(new Map())

/** Limits how many requests with files are received at once. */
export class UploadSlots {
  #taken = 0
  readonly #max: number

  constructor(max = MAX_UPLOADS) {
    this.#max = max
  }

  /** @throws RequestError when all slots are taken */
  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#taken >= this.#max)
      throw new RequestError(503, 'TOO_MANY_UPLOADS', `This server receives ${this.#max} uploads at once.`, {
        'retry-after': '10',
      })
    this.#taken++
    try {
      return await work()
    } finally {
      this.#taken--
    }
  }
}

/** @throws RequestError when no variable of the operation accepts a file */
export function assertTakesFiles(schema: GraphQLSchema, { operation }: Prepared): void {
  const takes = (operation.variableDefinitions ?? []).some(({ type: node }) => {
    const type = typeFromAST(schema, node as never) as unknown
    return isInputType(type) && holdsUpload(type, new Set())
  })
  if (!takes) throw badRequest('The operation takes no file: send it as application/json.')
}

function holdsUpload(given: GraphQLInputType, seen: Set<unknown>): boolean {
  const type = getNamedType(given)
  if (type.name === 'Upload') return true
  if (!isInputObjectType(type) || seen.has(type)) return false
  seen.add(type)
  return Object.values(type.getFields()).some((field) => holdsUpload(field.type, seen))
}
