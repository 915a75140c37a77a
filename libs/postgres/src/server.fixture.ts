import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'

export interface TestServer {
  /** URL of the maintenance database. */
  readonly url: string
  close(): Promise<void>
}

/** Starts a PostgreSQL server for one test file. */
export async function startTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-pool-'))
  await chmod(folder, 0o755)
  const server = await openEmbeddedPostgres(join(folder, 'postgres'), { settings: ['fsync=off'] })
  return {
    url: server.url,
    async close() {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
