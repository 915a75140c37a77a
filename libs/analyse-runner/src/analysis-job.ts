// Runs in an analyser's child processes: imports the analyser from its module.
import { drawPicture, NoPictureError, type Picture as Drawn } from '@mediakeep/picture'
import {
  AnalysisError,
  loadPlugins,
  type Analyser,
  type AnalysisInput,
  type Picture,
  type PictureOptions,
} from '@mediakeep/plugin-api'
import { outcomeOf, type Outcome } from './outcome.ts'

export interface AnalysisJob {
  /** Module specifier for import(). */
  readonly module: string
  readonly input: FileInput
}

/** File information that is available without decoding. */
export type FileInput = Omit<AnalysisInput, 'picture'>

let loading: Promise<Analyser> | undefined

/** A child serves the same analyser for its whole life. */
export async function run({ module, input }: AnalysisJob): Promise<Outcome> {
  const analyser = await (loading ??= load(module))
  const picture = (options?: PictureOptions): Promise<Picture> =>
    drawPicture(input, options).then(toPicture, translate)
  try {
    // Never aborted: in a child process, an abort is a kill.
    const { signal } = new AbortController()
    const { result, usage } = await analyser.analyse({ ...input, picture }, { signal })
    return { kind: 'done', result, usage }
  } catch (error) {
    return outcomeOf(error)
  }
}

async function load(module: string): Promise<Analyser> {
  const { analysers } = await loadPlugins([module])
  return analysers[0]!.analyser
}

/** The analyser API has no WebP. */
export function toPicture(picture: Drawn): Picture {
  return picture as Picture
}

export function translate(error: unknown): never {
  if (!(error instanceof NoPictureError)) throw error
  throw new AnalysisError(error.code, error.message, { cause: error })
}
