import { join, resolve } from 'node:path'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { createDatabase } from '@mediakeep/postgres'

export interface Target {
  readonly url: string
  /** Stops using an embedded server. */
  close(): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Opens the database for a task: DIRECT_DATABASE_URL (bypassing any pooler), else DATABASE_URL, else the embedded
 * PostgreSQL under MEDIAKEEP_HOME.
 */
export async function openTarget(
  root: string,
  environment: Environment,
  print: (line: string) => void,
): Promise<Target> {
  const url = environment.DIRECT_DATABASE_URL || environment.DATABASE_URL
  if (url) {
    if (!environment.DIRECT_DATABASE_URL && new URL(url).port === '6543') {
      print(
        'DATABASE_URL looks like a pooler in transaction mode (port 6543): set DIRECT_DATABASE_URL beside it',
      )
    }
    return { url, close: () => Promise.resolve() }
  }
  const home = resolve(root, environment.MEDIAKEEP_HOME || '.mediakeep')
  const server = await openEmbeddedPostgres(join(home, 'postgres'))
  return { url: await createDatabase(server.url, 'mediakeep'), close: () => server.close() }
}
