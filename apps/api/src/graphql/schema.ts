import { builder } from './builder.ts'
import './api-tokens.ts'
import './duplicate-group.ts'
import './errors.ts'
import './engagement-snapshot.ts'
import './import-posts.ts'
import './import-run.ts'
import './media-mutations.ts'
import './media-stats.ts'
import './media-timeline.ts'
import './media.ts'
import './post.ts'

export const schema = builder.toSchema()
