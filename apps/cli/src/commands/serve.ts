import type { Api } from '@mediakeep/api'
import { createStages, runStages, StageProgress } from '@mediakeep/worker'
import type { Work } from '../command.ts'
import { startServer } from '../serving.ts'
import { stageParts } from '../stage-parts.ts'

export interface Options {
  readonly json?: boolean
  readonly worker: boolean
}

export const serve: Work<Options> = async ({ options, session, output }) => {
  const parts = await stageParts(session, output)
  const stages = options.worker ? createStages(parts) : []
  const progress = new StageProgress()
  const api = await startServer(session, parts, progress)
  output.note(whereToLook(api))
  const running = runStages(stages, session.signal, { log: session.log, progress })
  try {
    await untilAborted(session.signal)
  } finally {
    // Before the stages end: giving back an upload may take minutes, and requests should be refused meanwhile.
    await api.close()
    await running
  }
  return 0
}

export function whereToLook({ url, isUnguarded }: Api): string {
  const access = isUnguarded ? 'this machine only: there is no token yet' : 'for whoever bears a token'
  return [
    `Mediakeep serves ${url} (${access})`,
    `  console  ${url}/ (open it in a browser)`,
    `  GraphQL  ${url}/graphql`,
    `  health   ${url}/health/ready`,
    `  metrics  ${url}/metrics`,
  ].join('\n')
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
