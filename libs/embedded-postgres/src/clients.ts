import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isProcessAlive } from './process-alive.ts'

/** The processes that use a cluster, one file each, named by process id: the last one to leave stops the server. */
export interface Clients {
  join(): Promise<void>
  /** @returns how many other live processes still use it */
  leave(): Promise<number>
}

let opened = 0

export function clientsIn(folder: string): Clients {
  const own = `${process.pid}.${opened++}`
  const isAlive = (name: string): boolean => isProcessAlive(Number(name.split('.')[0]))
  return {
    async join() {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, own), '')
    },
    async leave() {
      await rm(join(folder, own), { force: true })
      const others = await readdir(folder)
      const alive = others.filter(isAlive)
      await Promise.all(
        others.filter((name) => !alive.includes(name)).map((name) => rm(join(folder, name), { force: true })),
      )
      return alive.length
    },
  }
}
