import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { pictureOrNone, type Analyser, type DailyBudget } from '@mediakeep/plugin-api'
import type { LanguageModel } from 'ai'
import { RequestDialect } from './request-dialect.ts'
import { askModel, type VisionPrices } from './ask-model.ts'

export type { VisionPrices } from './ask-model.ts'

export interface VisionOptions {
  readonly provider: 'openai-compatible' | 'anthropic'
  /** `https://api.openai.com/v1`, `http://127.0.0.1:11434/v1`; for Anthropic, default its own URL. */
  readonly baseUrl?: string | undefined
  readonly apiKey?: string | undefined
  readonly model: string
  /** The question for the model; the answer's format is specified separately. */
  readonly prompt?: string | undefined
  /** Timeout for one answer, in milliseconds; default 60,000. */
  readonly timeoutMs?: number | undefined
  readonly prices?: VisionPrices | undefined
  readonly dailyBudget?: DailyBudget | undefined
}

/** Models scale larger pictures down themselves, but charge for the full size. */
const EDGE = 1568
const AT_ONCE = 4

const DEFAULT_PROMPT =
  'Describe this picture from a social media post for an archive. caption: one sentence on what it shows. ' +
  'altText: a description for people who cannot see it. labels: up to ten short keywords in lower case. ' +
  'text: every word that is to be read in it, as it stands, or an empty string.'

/** Describes a picture, a video's frame or a document's first page with a model: caption, alt text, labels, text. */
export function createVisionAnalyser(options: VisionOptions): Analyser {
  const { prompt = DEFAULT_PROMPT, timeoutMs = 60_000, prices, dailyBudget } = options
  const dialect = new RequestDialect()
  const model = createModel(options, dialect)
  return {
    name: 'vision',
    version: '1',
    mediaTypes: ['image', 'video', 'document'],
    runsIn: 'host',
    concurrency: AT_ONCE,
    // The answer has its own timeout; rendering the picture takes additional time.
    timeoutMs: timeoutMs + 30_000,
    dailyBudget,
    async analyse(input, { signal }) {
      const picture = await pictureOrNone(input, { maxEdge: EDGE, format: 'jpeg' })
      if (picture === undefined) return { result: {} }
      return askModel(picture, { model, dialect, name: options.model, prompt, prices, timeoutMs, signal })
    },
  }
}

function createModel(
  { provider, baseUrl, apiKey = '', model }: VisionOptions,
  dialect: RequestDialect,
): LanguageModel {
  if (provider === 'anthropic') {
    return createAnthropic({ apiKey, ...(baseUrl === undefined ? {} : { baseURL: baseUrl }) })(model)
  }
  const baseURL = baseUrl ?? 'https://api.openai.com/v1'
  const settings = {
    name: 'vision',
    baseURL,
    supportsStructuredOutputs: true,
    transformRequestBody: (body: Record<string, unknown>) => dialect.adapt(body),
  }
  return createOpenAICompatible({ ...settings, ...(apiKey === '' ? {} : { apiKey }) })(model)
}
