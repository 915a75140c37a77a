import { createToken, revokeToken, SCOPES, type Scope } from '@mediakeep/access'
import type { TestDatabase } from '@mediakeep/testing'

/** The kinds of unusable tokens. */
export const INVALID = ['expired', 'revoked', 'made up', 'malformed'] as const

/** Makes a token for each scope and each kind of unusable token. @returns a function from name to headers */
export async function makeTokens(
  db: TestDatabase,
): Promise<(name: Scope | (typeof INVALID)[number]) => Record<string, string>> {
  const secrets = new Map<string, string>([
    ['made up', `mk_${'x'.repeat(43)}`],
    ['malformed', 'admin'],
  ])
  const make = async (name: string, scope: Scope): Promise<void> => {
    secrets.set(name, (await createToken(db, { name, scopes: [scope], createdBy: 'a test' })).secret)
  }
  for (const scope of SCOPES) await make(scope, scope)
  await make('expired', 'admin')
  await db.query(`UPDATE mediakeep.api_tokens SET expires_at = now() WHERE name = 'expired'`)
  await make('revoked', 'admin')
  await revokeToken(db, 'revoked')
  return (name) => ({ authorization: `Bearer ${secrets.get(name)!}` })
}
