import { Command } from 'commander'
import { act } from '../command.ts'
import type { Options } from '../commands/import.ts'

/** `mediakeep import <file|dir>…` */
export function importCommand(): Command {
  const command = new Command('import')
    .summary('import posts and fetch their media')
    .description(
      'Imports exported posts and fetches their media. Takes JSON, NDJSON, CSV, zip archives, files compressed with ' +
        'gz, xz or zst, and folders of all these. Safe to repeat: a known post ' +
        'adds an engagement snapshot and any new media, nothing else.',
    )
    .argument('<file|dir...>')
    .option('--format <name>', 'use this source format only')
    .option('--dry-run', 'say which formats were recognised and what would be imported, write nothing')
    .option('--no-fetch', 'leave fetching to a worker')
  return act<Options>(command, async () => (await import('../commands/import.ts')).importPosts)
}
