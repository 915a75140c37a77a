import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { copyBinaries, findBinaries, isReachableByOthers } from './binaries.ts'
import { clientsIn } from './clients.ts'
import {
  createCluster,
  isRunning,
  runningUrl,
  startServer,
  stopServer,
  withLock,
  type Cluster,
} from './cluster.ts'
import { findServerUser } from './server-user.ts'
import { supervise } from './supervise.ts'

/** An embedded server cannot run here; the message says what to do instead. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly code = 'embedded_postgres_unavailable'
}

export interface EmbeddedPostgres {
  /** URL of the maintenance database `postgres`. */
  readonly url: string
  /** Actual data location; differs from the requested folder if the server's user could not reach that one. */
  readonly folder: string
  /** Stops using the server; the last process to leave stops it. */
  close(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** Extra server settings, `name=value`. */
  readonly settings?: readonly string[]
  /** URL of a module that exports `initdb` and `pg_ctl`, for a version other than 17. */
  readonly binaries?: string
  /** Called after a dead server was restarted, or with the error if that failed. */
  readonly onRestart?: (error?: unknown) => void
}

/**
 * A real PostgreSQL 17 with its data in `folder`, shared by all processes that open the same folder. Takes over a
 * server that a killed process left running.
 */
export async function openEmbeddedPostgres(
  folder: string,
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  const cluster = await describeCluster(resolve(folder), options)
  const clients = clientsIn(join(cluster.folder, 'clients'))
  const url = await withLock(cluster, async () => {
    await createCluster(cluster)
    if (!(await runningUrl(cluster))) await startServer(cluster)
    const running = await runningUrl(cluster)
    if (!running)
      throw new EmbeddedPostgresError(`PostgreSQL did not start; see ${join(cluster.folder, 'log')}`)
    await clients.join()
    return running
  })
  const port = Number(new URL(url).port)
  const supervision = supervise(
    () => revive(cluster, port),
    (error) => options.onRestart?.(error),
  )
  return {
    url,
    folder: cluster.folder,
    async close() {
      await supervision.stop()
      await withLock(cluster, async () => {
        const others = await clients.leave()
        if (others === 0 && (await runningUrl(cluster))) await stopServer(cluster)
      })
    },
  }
}

/** Restarts a dead server on the port that its clients know. @returns true if it was dead */
async function revive(cluster: Cluster, port: number): Promise<boolean> {
  if (await isRunning(cluster)) return false
  return withLock(cluster, async () => {
    // Another process that uses the server may have restarted it first.
    if (await isRunning(cluster)) return false
    await startServer(cluster, port)
    return true
  })
}

async function describeCluster(
  folder: string,
  { settings = [], binaries: module }: EmbeddedPostgresOptions,
): Promise<Cluster> {
  const binaries = await findBinaries(module)
  if (!binaries) {
    throw new EmbeddedPostgresError(
      `npm brings no PostgreSQL for ${process.platform}-${process.arch}, or its install script did not run. ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer, for example postgresql://user:password@localhost:5432/mediakeep',
    )
  }
  const user = await findServerUser()
  if (
    !user ||
    ((await isReachableByOthers(join(folder, 'data'))) && (await isReachableByOthers(binaries.initdb)))
  ) {
    return { folder, binaries, user, settings }
  }
  // The server's user cannot enter one of the parent folders (root's home is 0700), so use a place it can reach.
  const elsewhere = '/var/lib/mediakeep'
  return {
    folder: join(elsewhere, hash(folder)),
    binaries: await copyBinaries(
      binaries,
      join(elsewhere, module ? `postgresql-${hash(module)}` : 'postgresql-17.10'),
    ),
    user,
    settings,
  }
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)
