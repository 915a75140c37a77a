import { userInfo } from 'node:os'
import { createToken, findToken, listTokens, revokeToken, type ApiToken, type Scope } from '@mediakeep/access'
import type { CommonOptions, Work } from '../command.ts'
import { table } from '../output.ts'

export interface Creation extends CommonOptions {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expires?: Date
}

export const create: Work<Creation> = async ({ options, session, output }) => {
  const { name, scopes, expires: expiresAt } = options
  if (options.dryRun === true) {
    output.result({ name, scopes, expiresAt: expiresAt ?? null }, [
      `Would make "${name}" for ${scopes.join(', ')}.`,
    ])
    return 0
  }
  const { pool } = await session.database()
  const createdBy = `${userInfo().username}@${session.config.machine}`
  const { token, secret } = await createToken(pool, { name, scopes, expiresAt, createdBy })
  output.note('The secret of the token, which is shown only this once:')
  output.result({ ...token, secret }, [secret])
  return 0
}

export const revoke: Work<CommonOptions> = async ({ options, args, session, output }) => {
  const { pool } = await session.database()
  const revoked: ApiToken[] = []
  let failed = false
  for (const idOrName of args) {
    try {
      revoked.push(await (options.dryRun === true ? findToken : revokeToken)(pool, idOrName))
    } catch (error) {
      if ((error as { code?: string }).code !== 'token_not_found') throw error
      output.note((error as Error).message)
      failed = true
    }
  }
  const did = options.dryRun === true ? 'Would revoke' : 'Revoked'
  output.result(
    revoked,
    revoked.map(({ tokenId, name }) => `${did} "${name}" (${tokenId}).`),
  )
  return failed ? 1 : 0
}

export const list: Work<CommonOptions> = async ({ session, output }) => {
  const tokens = await listTokens((await session.database()).pool)
  const head = ['token', 'name', 'scopes', 'made by', 'state', 'last used']
  output.result(tokens, table([head, ...tokens.map(toLine)]))
  return 0
}

function toLine(token: ApiToken): string[] {
  const used = token.lastUsedAt?.toISOString() ?? 'never'
  return [token.tokenId, token.name, token.scopes.join(','), token.createdBy, stateOf(token), used]
}

function stateOf({ revokedAt, expiresAt }: ApiToken): string {
  if (revokedAt) return `revoked ${revokedAt.toISOString()}`
  if (!expiresAt) return 'valid until it is revoked'
  return `${expiresAt.getTime() <= Date.now() ? 'expired' : 'valid until'} ${expiresAt.toISOString()}`
}
