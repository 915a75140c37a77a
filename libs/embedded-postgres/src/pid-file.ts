import { readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isProcessAlive } from './process-alive.ts'

/** Whether the process that a data folder's postmaster.pid names is a server of that folder. */
export async function isServerOf(dataFolder: string): Promise<boolean> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  if (!(pid > 0) || !isProcessAlive(pid)) return false
  // A server works in its data folder. Where the system does not say, the process counts as the server, as pg_ctl
  // judges: to remove the file of a server that runs would be worse than not to start.
  const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
  return workingFolder === undefined || workingFolder === (await realpath(dataFolder))
}

/**
 * Removes a postmaster.pid that names a process that is not the server: after a crash or in a new container the same
 * id belongs to another program, and PostgreSQL would refuse to start for as long as that runs.
 */
export async function removeStalePidFile(dataFolder: string): Promise<void> {
  if (!(await isServerOf(dataFolder))) await rm(join(dataFolder, 'postmaster.pid'), { force: true })
}
