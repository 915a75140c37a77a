import { NotMediaError, type Cache, type Inspector } from '@mediakeep/content'
import type { StageReport } from '@mediakeep/lease'
import { inspectStage } from './inspect-stage.ts'
import type { Keeping } from '../keeping.fixture.ts'
import { silent } from '../seed.fixture.ts'

/** An inspector with scripted answers; its machine works unless `probe` says otherwise. */
export function scriptedInspector(
  inspect: Inspector['inspect'],
  { probe = () => Promise.resolve(), version = 'decoder 1' }: Partial<Inspector> = {},
): Inspector {
  return { version, probe, inspect }
}

const FACTS = { mediaType: 'image', mimeType: 'image/jpeg', extension: 'jpg', width: 40, height: 30 } as const

/** Returns the inspector's error for a path; undefined: the file is good. */
export type Answer = (path: string) => Error | undefined

export type Machine = { readonly cache?: Cache } & Partial<Pick<Inspector, 'probe' | 'version'>>

/** Inspects everything that can be claimed. */
export function inspectWith(
  keeping: Keeping,
  answer: Answer,
  { cache = keeping.cache, ...machine }: Machine = {},
): Promise<StageReport> {
  const inspector = scriptedInspector((path) => {
    const error = answer(path)
    return error ? Promise.reject(error) : Promise.resolve(FACTS)
  }, machine)
  const stage = inspectStage({ ...keeping, cache, inspector, concurrency: 4, leaseSeconds: 30, log: silent })
  return stage.drain(new AbortController().signal)
}

export const noMedia = (): Error => new NotMediaError('undecodable', 'it has no pixels')
