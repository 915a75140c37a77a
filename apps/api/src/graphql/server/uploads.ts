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

/** One upload's part of the budget that all uploads share. */
export interface UploadShare {
  /** Counts bytes that are about to be stored. @throws RequestError when all uploads together have no more */
  take(bytes: number): void
}

/** Limits how many requests with files are received at once, and how many bytes they may store together. */
export class UploadSlots {
  #taken = 0
  #bytes = 0
  readonly #maxBytes: number

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /**
   * @param announced the length of the request, if it says so: what cannot fit is refused before it is read
   * @throws RequestError when all slots or bytes are taken
   */
  async use<Result>(announced: number, work: (share: UploadShare) => Promise<Result>): Promise<Result> {
    if (this.#taken >= MAX_UPLOADS)
      throw refused('TOO_MANY_UPLOADS', `This server receives ${MAX_UPLOADS} uploads at once.`)
    if (this.#bytes + announced > this.#maxBytes) throw this.#full()
    this.#taken++
    let stored = 0
    try {
      return await work({
        take: (bytes) => {
          if (this.#bytes + bytes > this.#maxBytes) throw this.#full()
          this.#bytes += bytes
          stored += bytes
        },
      })
    } finally {
      this.#taken--
      this.#bytes -= stored
    }
  }

  #full(): RequestError {
    const message = `All uploads together may have ${this.#maxBytes} bytes at once: wait for the others to end.`
    return refused('UPLOADS_FULL', message)
  }
}

function refused(code: string, message: string): RequestError {
  return new RequestError(503, code, message, { 'retry-after': '10' })
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
