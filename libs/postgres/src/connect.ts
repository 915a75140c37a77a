import type pg from 'pg'
import {
  hasSettings,
  isStartupRefused,
  SessionClient,
  sessionConfig,
  settingStatements,
} from './session-client.ts'
import type { Session } from './session.ts'

/** Opens a dedicated connection, bypassing any pooler in transaction mode. The caller must end it. */
export async function connect(url: string, session: Session): Promise<pg.Client> {
  const config = sessionConfig(url, session)
  try {
    return await open()
  } catch (error) {
    if (!isStartupRefused(error)) throw error
    config.delivery.atStart = false
    return await open()
  }

  async function open(): Promise<SessionClient> {
    const client = new SessionClient(config)
    await client.connect()
    try {
      if (!(await hasSettings(client, session))) await client.query(settingStatements(session, 'SESSION'))
    } catch (error) {
      client.destroy()
      throw error
    }
    return client
  }
}
