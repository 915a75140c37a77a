// Runs in a child process: one file at a time, so that a decoder fault affects only that file.
import type { MediaFacts } from '@mediakeep/content'
import sharp from 'sharp'
import { createInspector, type InspectorLimits } from './inspector.ts'

export interface InspectJob {
  readonly path: string
  readonly limits: InspectorLimits
}

// There are as many children as cores, and no file is read twice.
sharp.concurrency(1)
sharp.cache(false)

export function run({ path, limits }: InspectJob): Promise<MediaFacts> {
  return createInspector({ ...limits, concurrency: 1 }).inspect(path)
}
