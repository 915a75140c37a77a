import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { createDatabase } from '@mediakeep/postgres'

/** Runs `work` with an empty database on a temporary server. */
export async function withScratchDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'schema-tools-'))
  // The server's user must be able to enter it.
  await chmod(folder, 0o755)
  try {
    const server = await openEmbeddedPostgres(join(folder, 'postgres'), {
      settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
    })
    try {
      return await work(await createDatabase(server.url, 'scratch'))
    } finally {
      await server.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
