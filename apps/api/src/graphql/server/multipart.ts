import { randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import { badRequest, RequestError } from './request-error.ts'
import { uploadName } from './upload-name.ts'
import { removeAll, spooled, type UploadShare, type Uploads } from './uploads.ts'

const MAX_FILES = 10
const MAX_FIELD_BYTES = 1024 ** 2

export interface MultipartOptions {
  /** Folder for received files. */
  readonly folder: string
  /** Limit for all files of the request together. */
  readonly maxBytes: number
  /** Refuses a request that sends nothing for this many milliseconds. */
  readonly stallMs: number
  /** Checks the operation before anything is stored. @throws to refuse the request */
  readonly judge: (operations: unknown) => void
  /** Counts the bytes of the files against what all uploads may have together. */
  readonly share: UploadShare
}

interface MultipartRequest {
  /** The GraphQL request, with tokens in place of the files. */
  readonly operations: unknown
  readonly uploads: Uploads
}

/**
 * Reads a multipart request (github.com/jaydenseric/graphql-multipart-request-spec). Streams files of any size to
 * `folder` as they arrive, once their operation has been found to be allowed.
 *
 * @throws RequestError, or any error of `judge`; then no files or descriptors of the request are left
 */
export async function readMultipart(
  request: IncomingMessage,
  options: MultipartOptions,
): Promise<MultipartRequest> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const received: Received = { fields: new Map(), operations: undefined, files: new Map() }
  try {
    await receive(request, options, received)
    return place(received)
  } catch (error) {
    await removeAll(received.files.values())
    throw error
  }
}

interface Received {
  readonly fields: Map<string, string>
  /** Parsed and checked as soon as its field has arrived. */
  operations: unknown
  /** Paths of the files by part name. */
  readonly files: Map<string, string>
}

async function receive(
  request: IncomingMessage,
  options: MultipartOptions,
  received: Received,
): Promise<void> {
  const { maxBytes, stallMs } = options
  const parser = openParser(request, maxBytes)
  const open = new Set<Readable>()
  const writes: Promise<void>[] = []
  const { promise: parsed, resolve, reject } = Promise.withResolvers<undefined>()
  const stall = setTimeout(() => reject(stalled(stallMs)), stallMs)
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    stall.refresh()
    bytes += chunk.byteLength
    if (bytes > maxBytes + 2 * MAX_FIELD_BYTES)
      reject(tooLarge(`The files have more than ${maxBytes} bytes.`))
  })
  request.once('close', () => {
    if (!request.complete) reject(incomplete())
  })
  parser.on('field', (name, value, _nameCut, valueCut) => {
    try {
      if (valueCut) throw tooLarge(`"${name}" is too large.`)
      addField(received, name, value, options.judge)
    } catch (error) {
      reject(error)
    }
  })
  parser.on('file', (name, file, claimedName) => {
    open.add(file)
    file.once('close', () => open.delete(file))
    file.on('error', reject)
    file.on('limit', () => reject(tooLarge(`A file has more than ${maxBytes} bytes.`)))
    file.on('data', (chunk: Buffer) => {
      try {
        options.share.take(chunk.byteLength)
      } catch (error) {
        reject(error)
      }
    })
    const write = store(received, options.folder, name, file, claimedName)
    write.catch(reject)
    writes.push(write)
  })
  parser.on('filesLimit', () => reject(tooLarge(`More than ${MAX_FILES} files.`)))
  parser.on('error', () => reject(incomplete()))
  parser.on('finish', () => resolve(undefined))
  request.pipe(parser)
  try {
    await parsed
    await Promise.all(writes)
  } catch (error) {
    request.unpipe(parser)
    parser.destroy()
    // An open file waits for bytes that will never come. Destroy it to release its descriptor.
    for (const file of open) file.destroy(error as Error)
    throw error
  } finally {
    clearTimeout(stall)
    await Promise.allSettled(writes)
  }
}

function openParser(request: IncomingMessage, maxBytes: number): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders,
      limits: { files: MAX_FILES, fields: 2, fieldSize: MAX_FIELD_BYTES, fileSize: maxBytes },
    })
  } catch {
    throw badRequest('The header "content-type" names no boundary.')
  }
}

function addField(received: Received, name: string, value: string, judge: MultipartOptions['judge']): void {
  received.fields.set(name, value)
  if (name !== 'operations') return
  received.operations = parseField(received.fields, name)
  judge(received.operations)
}

async function store(
  { operations, fields, files }: Received,
  folder: string,
  name: string,
  file: Readable,
  claimedName: string | undefined,
): Promise<void> {
  if (operations === undefined || !fields.has('map'))
    throw badRequest('The fields "operations" and "map" must come before the files.')
  // One folder per file, as names may repeat. Created synchronously, or the file would end before it is read.
  const path = join(folder, randomUUID(), uploadName(claimedName))
  if (files.has(name)) throw badRequest(`Two files are called "${name}".`)
  files.set(name, path)
  mkdirSync(dirname(path), { mode: 0o700 })
  try {
    await pipeline(file, createWriteStream(path, { mode: 0o600 }))
  } catch (error) {
    throw isFull(error) ? diskFull() : error
  }
}

function place({ fields, files, operations }: Received): MultipartRequest {
  const map = parseField(fields, 'map')
  const byToken = new Map<string, string>()
  if (typeof map !== 'object' || map === null) throw badRequest('"map" must be an object.')
  for (const [name, places] of Object.entries(map)) {
    const path = files.get(name)
    if (path === undefined || !Array.isArray(places)) throw badRequest(`There is no file "${name}".`)
    const token = randomUUID()
    byToken.set(token, path)
    for (const at of places) setAt(operations, String(at), token)
  }
  for (const [name, path] of files)
    if (![...byToken.values()].includes(path)) throw badRequest(`"map" does not name the file "${name}".`)
  return { operations, uploads: spooled(byToken) }
}

function parseField(fields: Map<string, string>, name: string): unknown {
  try {
    return JSON.parse(fields.get(name) ?? '') as unknown
  } catch {
    throw badRequest(`The field "${name}" must be JSON, and come before the files.`)
  }
}

/** Sets a value at a path such as `variables.input.file`, which must exist and be null. */
function setAt(operations: unknown, path: string, token: string): void {
  const steps = path.split('.')
  const last = steps.pop()!
  let at = operations
  for (const step of steps) at = isObject(at) && Object.hasOwn(at, step) ? at[step] : undefined
  if (!isObject(at) || !Object.hasOwn(at, last) || at[last] !== null)
    throw badRequest(`There is no null at "${path}".`)
  at[last] = token
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
}

const diskFull = (): RequestError =>
  new RequestError(507, 'DISK_FULL', 'The disk for uploads is full: nothing of the file was kept.')
const incomplete = (): RequestError => badRequest('The multipart request is not complete.')
const tooLarge = (message: string): RequestError => new RequestError(413, 'UPLOAD_TOO_LARGE', message)
const stalled = (ms: number): RequestError =>
  new RequestError(408, 'UPLOAD_STALLED', `Nothing arrived for ${ms / 1000} seconds.`)
