import type { Viewer } from '@mediakeep/access'
import type { PrismaClient } from '@mediakeep/db'
import type { Database } from '@mediakeep/sql'
import type { Actions } from '../../ports/actions.ts'
import type { MediaLinks } from '../../media/links.ts'
import type { AnswerBudget } from './answer-budget.ts'
import type { Batches } from './batch.ts'
import type { ImportSources } from './import-sources.ts'
import type { OverviewReads } from './overview-reads.ts'

/** The context of all resolvers. */
export interface Context {
  readonly db: Database
  readonly prisma: PrismaClient
  readonly overview: OverviewReads
  readonly actions: Actions
  readonly links: MediaLinks
  readonly imports: ImportSources
  readonly batches: Batches
  readonly budget: AnswerBudget
  /** Aborts when the client disconnects before it has the whole answer; work still running for it may be cancelled. */
  readonly signal: AbortSignal
  /** Duration of leases for which the client gives none. */
  readonly analysisLeaseSeconds: number
  readonly viewer: Viewer
}
