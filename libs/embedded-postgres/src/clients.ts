import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isProcessAlive } from './process-alive.ts'

/** Which living processes use a cluster, as one file a pid: the last one to leave stops the server. */
export interface Clients {
  join(): Promise<void>
  /** @returns how many other living processes still use it */
  leave(): Promise<number>
}

export function clientsIn(folder: string, pid = process.pid): Clients {
  return {
    async join() {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, String(pid)), '')
    },
    async leave() {
      await rm(join(folder, String(pid)), { force: true })
      const others = await readdir(folder)
      const alive = others.filter((name) => isProcessAlive(Number(name)))
      await Promise.all(
        others.filter((name) => !alive.includes(name)).map((name) => rm(join(folder, name), { force: true })),
      )
      return alive.length
    },
  }
}
