import { createStages, runStages } from '@mediakeep/worker'
import type { Work } from '../command.ts'
import { stageParts } from '../stage-parts.ts'

export const work: Work<object> = async ({ session, output }) => {
  const stages = createStages(await stageParts(session, output))
  session.log.info({ stages: stages.map(({ name }) => name) }, 'worker started')
  await runStages(stages, session.signal, { log: session.log })
  session.log.info('worker stopped')
  return 0
}
