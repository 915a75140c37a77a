import { Command, InvalidArgumentError, Option } from 'commander'
import { act, type CommonOptions } from '../command.ts'
import type { Verification } from '../commands/custody.ts'

/** `mediakeep custody verify|checkpoint|rotate-key` */
export function custodyCommand(): Command {
  const command = new Command('custody').summary('verify the log of what happened to each file')
  command.addCommand(
    act<Verification>(
      new Command('verify')
        .summary('check the whole log, or one item; exit code 1 if anything was changed')
        .option('--key <fingerprint>', 'a key of this installation that you saved elsewhere', toFingerprint)
        .option('--checkpoint <file>', 'a checkpoint of this installation that you saved elsewhere')
        .addOption(
          new Option('--media <id>', 'check and print what happened to one media item').conflicts([
            'key',
            'checkpoint',
          ]),
        ),
      async () => (await import('../commands/custody.ts')).verify,
    ),
  )
  command.addCommand(
    act<CommonOptions>(
      new Command('checkpoint').summary(
        'sign the present state of the log, and print it to be saved elsewhere',
      ),
      async () => (await import('../commands/custody.ts')).checkpoint,
    ),
  )
  command.addCommand(
    act<CommonOptions>(
      new Command('rotate-key').summary('replace the key that signs the log, and print the new fingerprint'),
      async () => (await import('../commands/custody.ts')).rotateKey,
    ),
  )
  return command
}

function toFingerprint(text: string): string {
  if (!/^[0-9a-f]{64}$/i.test(text)) throw new InvalidArgumentError('It must have 64 hex digits.')
  return text.toLowerCase()
}
