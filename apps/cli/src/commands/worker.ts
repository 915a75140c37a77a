import { createStages, runStages } from '@mediakeep/worker'
import { Command } from 'commander'
import { act, type Work } from '../command.ts'
import { stageParts } from '../stage-parts.ts'

/** `mediakeep worker` */
export function workerCommand(): Command {
  const command = new Command('worker')
    .summary('run the pipeline, without a server')
    .description(
      'Imports, downloads, archives and looks after what is kept, until it is stopped. Run as many as you like.',
    )
  return act(command, work, { logLevel: 'info' })
}

const work: Work<object> = async ({ session, output }) => {
  const stages = createStages(await stageParts(session, output))
  session.log.info({ stages: stages.map(({ name }) => name) }, 'worker started')
  await runStages(stages, session.signal, { log: session.log })
  session.log.info('worker stopped')
  return 0
}
