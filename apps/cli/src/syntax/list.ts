import { Command, Option } from 'commander'
import { act } from '../command.ts'
import type { Options } from '../commands/list.ts'
import { withSelection } from '../selection.ts'

const FATES = ['waiting', 'fetched', 'expired', 'gone', 'blocked', 'rejected', 'failed']
const TYPES = ['image', 'video', 'audio', 'document']
const STATUSES = ['not_started', 'started', 'completed', 'failed']
const ROLES = ['content', 'thumbnail', 'article', 'reshare', 'avatar']

/** `mediakeep list` */
export function listCommand(): Command {
  const command = new Command('list')
    .summary('list media with their author, fate, checksums and places')
    .addOption(new Option('--fate <fate>', 'only media with this fate').choices(FATES))
    .addOption(new Option('--type <type>', 'only media of this kind').choices(TYPES))
    .addOption(new Option('--status <status>', 'only media with this analysis status').choices(STATUSES))
    .addOption(new Option('--role <role>', 'only media with this role in their post').choices(ROLES))
    .option('--author <username>', 'only media of posts by this user name, exactly')
    .option('--platform <platform>', 'only media of posts of this platform')
    .option('--host <host>', 'only media from this host[:port]')
    .option('--md5 <digest>', 'only media whose bytes have this MD5 digest')
    .option('--sha256 <digest>', 'only media whose bytes have this SHA-256 digest')
    .option('--archived', 'only media that are archived')
    .option('--no-archived', 'only media that are not archived')
    .option('--cached', 'only media whose file is in a cache')
    .option('--no-cached', 'only media whose file is in no cache')
  return act<Options>(withSelection(command), async () => (await import('../commands/list.ts')).list)
}
