import type { MediaReference } from '@mediakeep/plugin-api'
import type { References } from './fields.ts'

/** A post shown inside another has no row of its own: its media belong to the outer post. */
export function* asReshared(references: Iterable<MediaReference>): References {
  for (const media of references) yield media.role === 'avatar' ? media : { ...media, role: 'reshare' }
}
