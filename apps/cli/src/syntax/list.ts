import { ANALYSIS_STATUSES } from '@mediakeep/analysis-status/status'
import { FATES } from '@mediakeep/media/fate'
import { DEFAULT_DISTANCE, FAILURE_STAGES, MAX_DISTANCE, MOST_HOURS } from '@mediakeep/pipeline/filter-values'
import { MEDIA_TYPES } from '@mediakeep/plugin-api/media-types'
import { MEDIA_ROLES } from '@mediakeep/plugin-api/source-post'
import { Command, Option } from 'commander'
import { act } from '../command.ts'
import type { Options } from '../commands/list.ts'
import { parseDate, parseWhole, withSelection } from '../selection.ts'

/** `mediakeep list` */
export function listCommand(): Command {
  const command = new Command('list')
    .summary('list media with their author, fate, checksums and places')
    .addOption(new Option('--fate <fate>', 'only media with this fate').choices(FATES))
    .addOption(new Option('--type <type>', 'only media of this kind').choices(MEDIA_TYPES))
    .addOption(
      new Option('--status <status>', 'only media with this analysis status').choices(ANALYSIS_STATUSES),
    )
    .addOption(new Option('--role <role>', 'only media with this role in their post').choices(MEDIA_ROLES))
    .option('--author <username>', 'only media of posts by this user name, exactly')
    .option('--platform <platform>', 'only media of posts of this platform')
    .option('--host <host>', 'only media from this host[:port]')
    .option('--md5 <digest>', 'only media whose bytes have this MD5 digest')
    .option('--sha256 <digest>', 'only media whose bytes have this SHA-256 digest')
    .option('--archived', 'only media that are archived')
    .option('--no-archived', 'only media that are not archived')
    .option('--cached', 'only media whose file is in a cache')
    .option('--no-cached', 'only media whose file is in no cache')
    .option('--inspected', 'only fetched media whose bytes were decoded')
    .option('--no-inspected', 'only fetched media whose bytes were not decoded yet')
    .addOption(
      new Option('--failed-at <stage>', 'only media that failed at this stage').choices(FAILURE_STAGES),
    )
    .option('--reason <code>', 'with --failed-at: only for this reason, such as http_403')
    .option('--analyser <name@version>', 'with --failed-at analyse: only by this analyser')
    .addOption(
      new Option(
        '--expires-within <hours>',
        'only media not fetched yet whose URL expires this soon',
      ).argParser(parseWhole(1, MOST_HOURS)),
    )
    .addOption(
      new Option('--created-after <date>', 'only media added on or after this date').argParser(parseDate),
    )
    .addOption(
      new Option('--created-before <date>', 'only media added before this date').argParser(parseDate),
    )
    .addOption(
      new Option('--posted-before <date>', 'only posts published before this date').argParser(parseDate),
    )
    .option('--text <words>', "only media whose post's text has these words")
    .option('--search <words>', 'only media with these words in the post, or in what analysers found')
    .option('--similar-to <media-id>', 'only media that look like this one')
    .addOption(
      new Option(
        '--max-distance <bits>',
        `with --similar-to: bits of 64 that may differ (default: ${DEFAULT_DISTANCE})`,
      ).argParser(parseWhole(0, MAX_DISTANCE)),
    )
  return act<Options>(withSelection(command), async () => (await import('../commands/list.ts')).list)
}
