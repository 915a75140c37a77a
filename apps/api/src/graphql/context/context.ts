import type { Viewer } from '@mediakeep/access'
import type { PrismaClient } from '@mediakeep/db'
import type { Database } from '@mediakeep/sql'
import type { Actions } from '../../ports/actions.ts'
import type { MediaLinks } from '../../media/links.ts'
import type { AnswerBudget } from './answer-budget.ts'
import type { Batches } from './batch.ts'
import type { ImportSources } from './import-sources.ts'
import type { OverviewReads } from './overview-reads.ts'

/** What resolvers read and write with. */
export interface Context {
  readonly db: Database
  readonly prisma: PrismaClient
  readonly overview: OverviewReads
  readonly actions: Actions
  readonly links: MediaLinks
  readonly imports: ImportSources
  readonly batches: Batches
  readonly budget: AnswerBudget
  /** Aborted when the client leaves before it has its answer: what still runs for it may be cancelled. */
  readonly signal: AbortSignal
  /** How long leases last that say nothing else. */
  readonly analysisLeaseSeconds: number
  readonly viewer: Viewer
}
