import type { TableContract } from '@mediakeep/schema-verify'
import { accessTables } from './contract-access.ts'
import { analysisTables } from './contract-analyses.ts'
import { dataDownloads, downloadRuns, posts } from './contract-base.ts'
import { eventTables } from './contract-events.ts'
import { inspectQueue } from './contract-inspect.ts'
import { mediakeepTables } from './contract-mediakeep.ts'
import { mediaSources, mediaTracking, postMediaBase } from './contract-post-media.ts'

/** All that our code believes of the database. */
export const contract: readonly TableContract[] = [
  posts,
  downloadRuns,
  dataDownloads,
  postMediaBase,
  mediaTracking,
  mediaSources,
  ...mediakeepTables,
  inspectQueue,
  ...eventTables,
  ...accessTables,
  ...analysisTables,
]
