import { withSession } from './connection.ts'
import { readHistory, supabaseVersions, type HistoryTable } from './history.ts'
import { parseName, readMigrations } from './migration-files.ts'

export interface MigrationStatus {
  readonly name: string
  /** `unknown`: recorded in the database, but there is no such file. */
  readonly state: 'applied' | 'pending' | 'unknown'
  readonly appliedAt: Date | undefined
  /** Other versions under which a migration of this title is recorded, here or in Supabase's history. */
  readonly otherVersions: readonly string[]
}

export interface StatusOptions extends HistoryTable {
  readonly url: string
  readonly folder: string
}

/** What the folder has and what the database's history says, in order of version. */
export async function status(options: StatusOptions): Promise<MigrationStatus[]> {
  const migrations = await readMigrations(options.folder)
  const files = new Set(migrations.map(({ name }) => name))
  return withSession(options.url, async (client) => {
    const history = await readHistory(client, options)
    const recorded = history.flatMap(({ name }) => parseName(name) ?? [])
    const statuses: MigrationStatus[] = []
    for (const name of [...new Set([...files, ...history.map((entry) => entry.name)])].sort()) {
      const entry = history.find((candidate) => candidate.name === name)
      const state = !entry ? 'pending' : files.has(name) ? 'applied' : 'unknown'
      const { version, title } = parseName(name) ?? { version: '', title: name }
      const versions = [
        ...recorded.filter((other) => other.title === title).map((other) => other.version),
        ...(await supabaseVersions(client, title)),
      ]
      const otherVersions = [...new Set(versions)].filter((other) => other !== version)
      statuses.push({ name, state, appliedAt: entry?.appliedAt, otherVersions })
    }
    return statuses
  })
}
