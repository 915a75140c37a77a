import { connect } from './connect.ts'
import { maintenanceSession } from './session.ts'

/** Statement timeout; CREATE DATABASE waits for sessions that use the template. */
const CREATE_MS = 120_000

/** Creates a database on a server if it does not exist. @returns the URL of the database */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  const client = await connect(serverUrl, maintenanceSession('mediakeep-create-database', CREATE_MS))
  try {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`)
  } catch (error) {
    // 42P04: it exists. 23505: another process created it at the same moment.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error
  } finally {
    await client.end()
  }
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
