import { isScope, SCOPES, type Scope } from '@mediakeep/access/scopes'
import { Command, InvalidArgumentError } from 'commander'
import { act, type CommonOptions } from '../command.ts'
import type { Creation } from '../commands/token.ts'
import { parseExpiry } from '../expiry.ts'

/** `mediakeep token create|revoke|list` */
export function tokenCommand(): Command {
  const command = new Command('token').summary('manage who may use the API')
  command.addCommand(
    act<Creation>(
      new Command('create')
        .summary('make a token; its secret is printed once')
        .requiredOption('--name <name>', 'the name to list it and revoke it by')
        .requiredOption('--scopes <list>', `what it may do: ${SCOPES.join(', ')}`, parseScopes)
        .option(
          '--expires <when>',
          'after 90d, 12h or 30m, or at a date such as 2027-01-31 (default: never)',
          parseExpires,
        )
        .option('--dry-run', 'say what would be made, make nothing'),
      async () => (await import('../commands/token.ts')).create,
    ),
  )
  command.addCommand(
    act<CommonOptions>(
      new Command('revoke')
        .summary('revoke tokens, everywhere within seconds')
        .argument('<id or name...>')
        .option('--dry-run', 'say what would be revoked, revoke nothing'),
      async () => (await import('../commands/token.ts')).revoke,
    ),
  )
  command.addCommand(
    act<CommonOptions>(
      new Command('list').summary('list all tokens, revoked and expired ones too'),
      async () => (await import('../commands/token.ts')).list,
    ),
  )
  return command
}

function parseScopes(text: string): readonly Scope[] {
  const scopes = text.split(',').map((scope) => scope.trim())
  if (!scopes.every(isScope)) throw new InvalidArgumentError(`Expected some of ${SCOPES.join(', ')}.`)
  return scopes
}

function parseExpires(text: string): Date {
  const date = parseExpiry(text, new Date())
  if (!date) throw new InvalidArgumentError('Expected 90d, 12h, 30m or a future date, such as 2027-01-31.')
  return date
}
