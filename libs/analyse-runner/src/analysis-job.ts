// What the children of an analyser run: the analyser, loaded anew from its module.
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
  /** As import() takes it. */
  readonly module: string
  readonly input: FileInput
}

/** What is known of a file before anyone looks into it. */
export type FileInput = Omit<AnalysisInput, 'picture'>

let loading: Promise<Analyser> | undefined

/** A child works for one analyser all its life. */
export async function run({ module, input }: AnalysisJob): Promise<Outcome> {
  const analyser = await (loading ??= load(module))
  const picture = (options?: PictureOptions): Promise<Picture> =>
    drawPicture(input, options).then(toPicture, translate)
  try {
    // Here an abort is a kill.
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

/** Analysers are not offered WebP. */
export function toPicture(picture: Drawn): Picture {
  return picture as Picture
}

export function translate(error: unknown): never {
  if (!(error instanceof NoPictureError)) throw error
  throw new AnalysisError(error.code, error.message, { cause: error })
}
