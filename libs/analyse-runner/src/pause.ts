import type { StageLog } from '@mediakeep/lease'
import type { Analyser } from '@mediakeep/plugin-api'
import type { Sql } from '@mediakeep/sql'
import { isBudgetSpent } from './budget.ts'

/** Pauses an analyser when its service asks for a pause, or today's budget is spent. */
export interface Pause {
  isOn(): Promise<boolean>
  rest(ms: number, reason: string): void
}

/** Minimum interval between checks of a spent budget: a new day begins, or somebody raises it. In milliseconds. */
const BUDGET_LOOK_MS = 10_000

export function createPause(sql: Sql, analyser: Analyser, log: StageLog, lookMs = BUDGET_LOOK_MS): Pause {
  const { name, dailyBudget } = analyser
  let restsUntil = 0
  let isSpent = false

  async function lookAtBudget(): Promise<boolean> {
    if (dailyBudget === undefined) return false
    const before = isSpent
    isSpent = await isBudgetSpent(sql, name, dailyBudget)
    if (isSpent) restsUntil = Math.max(restsUntil, performance.now() + lookMs)
    if (isSpent && !before) log.warn({ analyser: name, dailyBudget }, "paused: today's budget is spent")
    if (before && !isSpent) log.info({ analyser: name }, 'resumed: there is budget again')
    return isSpent
  }

  return {
    isOn: async () => performance.now() < restsUntil || (await lookAtBudget()),
    rest(ms, reason) {
      restsUntil = Math.max(restsUntil, performance.now() + ms)
      log.warn({ analyser: name, restMs: ms, reason }, 'the analyser is paused')
    },
  }
}
