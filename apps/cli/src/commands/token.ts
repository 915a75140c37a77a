import { userInfo } from 'node:os'
import {
  createToken,
  findToken,
  isScope,
  listTokens,
  revokeToken,
  SCOPES,
  type ApiToken,
  type Scope,
} from '@mediakeep/access'
import { Command, InvalidArgumentError } from 'commander'
import { act, type Work } from '../command.ts'
import { parseExpiry } from '../expiry.ts'
import { table } from '../output.ts'

interface Common {
  readonly json?: boolean
  readonly dryRun?: boolean
}

interface Creation extends Common {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expires?: Date
}

/** `mediakeep token create|revoke|list` */
export function tokenCommand(): Command {
  const command = new Command('token').summary('say who may use the API')
  command.addCommand(
    act<Creation>(
      new Command('create')
        .summary('make a token; its secret is printed once')
        .requiredOption('--name <name>', 'what it is for; to revoke it by')
        .requiredOption('--scopes <list>', `what it may do: ${SCOPES.join(', ')}`, parseScopes)
        .option('--expires <when>', 'after 90d, 12h or 30m, or at 2027-01-31 (default: never)', parseExpires)
        .option('--dry-run', 'say what would be made, make nothing'),
      create,
    ),
  )
  command.addCommand(
    act<Common>(
      new Command('revoke')
        .summary('end tokens, everywhere within seconds')
        .argument('<id or name...>')
        .option('--dry-run', 'say what would end, end nothing'),
      revoke,
    ),
  )
  command.addCommand(act<Common>(new Command('list').summary('list all tokens there ever were'), list))
  return command
}

function parseScopes(text: string): readonly Scope[] {
  const scopes = text.split(',').map((scope) => scope.trim())
  if (!scopes.every(isScope)) throw new InvalidArgumentError(`Expected some of ${SCOPES.join(', ')}.`)
  return scopes
}

function parseExpires(text: string): Date {
  const date = parseExpiry(text, new Date())
  if (!date) throw new InvalidArgumentError('Expected 90d, 12h, 30m or a date to come, such as 2027-01-31.')
  return date
}

const create: Work<Creation> = async ({ options, session, output }) => {
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
  output.note('This is the only time that the secret is to be seen:')
  output.result({ ...token, secret }, [secret])
  return 0
}

const revoke: Work<Common> = async ({ options, args, session, output }) => {
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

const list: Work<Common> = async ({ session, output }) => {
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
  if (!expiresAt) return 'lives until it is revoked'
  return `${expiresAt.getTime() <= Date.now() ? 'expired' : 'lives until'} ${expiresAt.toISOString()}`
}
