import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSampleOrigin } from '@mediakeep/sample'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where this run serves the sample's media. */
    sampleHost: string
    /** Has a home folder for each state of the sample that a test of this run has asked for. */
    sampleHomes: string
  }
}

/** Vitest global setup: serves the sample's media to all tests of the run, at one address. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const origin = await startSampleOrigin(0)
  const homes = await mkdtemp(join(tmpdir(), 'mediakeep-samples-'))
  project.provide('sampleHost', origin.host)
  project.provide('sampleHomes', homes)
  return async () => {
    await origin.close()
    await rm(homes, { recursive: true, force: true })
  }
}
