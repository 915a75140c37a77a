import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isProcessAlive } from './process-alive.ts'

/** True if the process in a data folder's postmaster.pid is a server running in that folder. */
export async function isServerOf(dataFolder: string): Promise<boolean> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  if (!(pid > 0) || !isProcessAlive(pid)) return false
  // A server's working folder is its data folder. If the system does not reveal it, assume the process is the server,
  // as pg_ctl does: removing a running server's file would be worse than failing to start.
  const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
  return workingFolder === undefined || workingFolder === (await realpath(dataFolder))
}

/**
 * Removes a postmaster.pid that names a process other than the server: after a crash or in a new container, the id may
 * belong to another program, and PostgreSQL would refuse to start for as long as that program runs.
 */
export async function removeStalePidFile(dataFolder: string): Promise<void> {
  if (!(await isServerOf(dataFolder))) await rm(join(dataFolder, 'postmaster.pid'), { force: true })
}
