import { accessDescriptions } from './access/descriptions.ts'
import { analysisDescriptions } from './analysis/descriptions.ts'
import { commonDescriptions } from './builder/descriptions.ts'
import { describe } from './builder/describe.ts'
import { importDescriptions } from './imports/descriptions.ts'
import { mediaDescriptions } from './media/descriptions.ts'
import { overviewDescriptions } from './overview/descriptions.ts'
import { postDescriptions } from './posts/descriptions.ts'
import { builder } from './builder/builder.ts'
import { countAnswerBytes } from './builder/count-answer-bytes.ts'
import './analysis/analysis-errors.ts'
import './analysis/analysis.ts'
import './analysis/analysis-stats.ts'
import './access/api-tokens.ts'
import './analysis/claim-analysis.ts'
import './analysis/complete-analysis.ts'
import './media/duplicate-group.ts'
import './builder/errors.ts'
import './posts/engagement-snapshot.ts'
import './imports/import-posts.ts'
import './imports/import-progress.ts'
import './imports/import-run.ts'
import './media/media-mutations.ts'
import './overview/media-stats.ts'
import './media/media-status-changed.ts'
import './media/media-timeline.ts'
import './media/media-facets.ts'
import './media/media.ts'
import './media/media-items.ts'
import './media/media-custody.ts'
import './media/visual-features.ts'
import './media/search-snippet.ts'
import './media/source-facts.ts'
import './media/source-file.ts'
import './media/post-media.ts'
import './overview/overview.ts'
import './posts/post.ts'
import './posts/post-facts.ts'
import './overview/schema-verification.ts'
import './analysis/requeue-analysis.ts'
import './access/viewer.ts'

export const schema = describe(countAnswerBytes(builder.toSchema()), {
  ...commonDescriptions,
  ...accessDescriptions,
  ...analysisDescriptions,
  ...importDescriptions,
  ...mediaDescriptions,
  ...overviewDescriptions,
  ...postDescriptions,
})
