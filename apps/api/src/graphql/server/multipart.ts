import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import { ImportSourceError } from '../context/import-sources.ts'
import { uploadName } from './upload-name.ts'

const MAX_FILES = 10
const MAX_FIELD_BYTES = 1024 ** 2

/** A multipart request that is not as the specification has it. */
export class MultipartError extends Error {
  override readonly name = 'MultipartError'
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}

/** The files of one request, by their tokens, spooled to disk. */
export interface Uploads {
  /** @returns the path of a file, which from now on belongs to the caller @throws ImportSourceError */
  keep(token: string): string
  /** Removes what nobody kept. */
  discard(): Promise<void>
}

interface MultipartRequest {
  /** The GraphQL request, with tokens where the files stand. */
  readonly operations: unknown
  readonly uploads: Uploads
}

/**
 * Reads a multipart request (github.com/jaydenseric/graphql-multipart-request-spec): files go to `folder` while
 * they arrive, however large they are.
 *
 * @throws MultipartError; nothing of the request is left behind
 */
export async function readMultipart(
  request: IncomingMessage,
  folder: string,
  maxBytes: number,
): Promise<MultipartRequest> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const fields = new Map<string, string>()
  const files = new Map<string, string>()
  const paths: string[] = []
  try {
    await receive(request, maxBytes, fields, async (name, file, claimedName) => {
      // A folder for each: two files may bear one name. At once, lest the file ends before somebody reads it.
      const path = join(folder, randomUUID(), uploadName(claimedName))
      paths.push(path)
      files.set(name, path)
      mkdirSync(dirname(path), { mode: 0o700 })
      await pipeline(file, createWriteStream(path, { mode: 0o600 }))
    })
    return place(fields, files)
  } catch (error) {
    await removeAll(paths)
    // A full disk is ours to mend, not the client's.
    if (error instanceof MultipartError || (error instanceof Error && 'syscall' in error)) throw error
    throw new MultipartError('The multipart request is not complete.')
  }
}

function receive(
  request: IncomingMessage,
  maxBytes: number,
  fields: Map<string, string>,
  store: (name: string, file: Readable, claimedName: string | undefined) => Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const writes: Promise<void>[] = []
    const parser = new Busboy({
      headers: request.headers as BusboyHeaders,
      limits: { files: MAX_FILES, fields: 2, fieldSize: MAX_FIELD_BYTES, fileSize: maxBytes },
    })
    const fail = (error: Error): void => {
      request.unpipe(parser)
      request.resume()
      void Promise.allSettled(writes).then(() => reject(error))
      parser.destroy()
    }
    parser.on('field', (name, value, _nameCut, valueCut) => {
      if (valueCut) fail(new MultipartError(`"${name}" is too large.`, 413))
      fields.set(name, value)
    })
    parser.on('file', (name, file, claimedName) => {
      file.on('limit', () => {
        file.destroy(new MultipartError(`A file is larger than ${maxBytes} bytes.`, 413))
      })
      const write = store(name, file, claimedName)
      write.catch(fail)
      writes.push(write)
    })
    parser.on('filesLimit', () => fail(new MultipartError(`More than ${MAX_FILES} files.`, 413)))
    parser.on('error', (error) => fail(error as Error))
    parser.on('finish', () => void Promise.all(writes).then(() => resolve(), fail))
    request.on('aborted', () => fail(new MultipartError('The client went away.')))
    request.pipe(parser)
  })
}

function place(fields: Map<string, string>, files: Map<string, string>): MultipartRequest {
  const operations = json(fields, 'operations')
  const map = json(fields, 'map')
  const byToken = new Map<string, string>()
  if (typeof map !== 'object' || map === null) throw new MultipartError('"map" must be an object.')
  for (const [name, places] of Object.entries(map)) {
    const path = files.get(name)
    if (path === undefined || !Array.isArray(places)) throw new MultipartError(`There is no file "${name}".`)
    const token = randomUUID()
    byToken.set(token, path)
    for (const at of places) setAt(operations, String(at), token)
  }
  for (const [name, path] of files)
    if (![...byToken.values()].includes(path))
      throw new MultipartError(`"map" does not name the file "${name}".`)
  return { operations, uploads: spooled(byToken) }
}

function json(fields: Map<string, string>, name: string): unknown {
  try {
    return JSON.parse(fields.get(name) ?? '') as unknown
  } catch {
    throw new MultipartError(`The field "${name}" must be JSON, and come before the files.`)
  }
}

/** `variables.input.file`: a place that must be there, and be null. */
function setAt(operations: unknown, path: string, token: string): void {
  const steps = path.split('.')
  const last = steps.pop()!
  let at = operations
  for (const step of steps) at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined
  if (!isObject(at) || !Object.hasOwn(at, last) || at[last] !== null)
    throw new MultipartError(`There is no null at "${path}".`)
  at[last] = token
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function spooled(byToken: Map<string, string>): Uploads {
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

async function removeAll(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(dirname(path), { recursive: true, force: true })))
}

/** A request without files. */
export const noUploads: Uploads = spooled(new Map())
