import { resolve } from 'node:path'
import { MEDIA_TYPES, PICTURED_MEDIA_TYPES, type MediaType } from '@mediakeep/plugin-api'
import { z } from 'zod'
import { httpUrl, list, whole } from './fields.ts'

type MediaTypes = readonly MediaType[]

const TYPE = MEDIA_TYPES.join('|')
const ANALYSER = new RegExp(
  `^([a-z][a-z0-9-]*)(?:@([\\w.+-]{1,64}?)(?::((?:${TYPE})(?:\\+(?:${TYPE}))*))?)?$`,
)

/**
 * `facts`; for an analyser that runs elsewhere, `colours@1` or `colours@1:image+video`. Without types it gets every
 * kind that has a picture; audio must be listed explicitly.
 */
const analyser = z.string().transform((text, context) => {
  const match = ANALYSER.exec(text)
  if (match?.[1] !== undefined) {
    const mediaTypes = match[3]?.split('+') as MediaTypes | undefined
    return { name: match[1], version: match[2], mediaTypes: mediaTypes ?? PICTURED_MEDIA_TYPES }
  }
  context.addIssue({
    code: 'custom',
    message: `expected names such as facts, or colours@1:image, not ${text}`,
  })
  return z.NEVER
})

/** `5 USD`, `200000 tokens`. */
const budget = z.string().transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)\s*(USD|tokens)$/i.exec(text.trim())
  const amount = Number(match?.[1])
  if (amount > 0) return match?.[2]?.toUpperCase() === 'USD' ? { usd: amount } : { tokens: amount }
  context.addIssue({
    code: 'custom',
    message: 'expected an amount a day, such as "5 USD" or "200000 tokens"',
  })
  return z.NEVER
})
const price = z.coerce.number().min(0)

const LANGUAGE = /^(?:[a-z]{3,4}(?:_[a-z]+)*|.*[\w-]+\.traineddata(?:\.gz)?)$/i
const language = z
  .string()
  .regex(LANGUAGE, 'expected language codes such as eng,deu, or paths of files such as /data/deu.traineddata')

/** Variables that control media analysis. */
export const analysisEnvironment = {
  ANALYSERS: list.pipe(z.array(analyser)).optional(),
  ANALYSIS_LEASE_SECONDS: whole(5, 86_400).default(300),
  OCR_LANGUAGES: list.pipe(z.array(language).min(1)).default(['eng']),
  PROVENANCE_TRUST_ANCHORS: z.string().optional(),
  VISION_PROVIDER: z.enum(['openai-compatible', 'anthropic']).default('openai-compatible'),
  VISION_BASE_URL: httpUrl.optional(),
  VISION_API_KEY: z.string().optional(),
  VISION_MODEL: z.string().optional(),
  VISION_PROMPT: z.string().optional(),
  VISION_TIMEOUT_MS: whole(1000).default(60_000),
  VISION_DAILY_BUDGET: budget.optional(),
  VISION_INPUT_PRICE: price.optional(),
  VISION_OUTPUT_PRICE: price.optional(),
}

type AnalysisEnvironment = z.infer<z.ZodObject<typeof analysisEnvironment>>

/** Settings for media analysis. */
export interface AnalysisConfig {
  /** Undefined: `facts`, `ocr`, `vision` if configured, and every plugin's analysers. */
  readonly analysers:
    | readonly {
        readonly name: string
        readonly version: string | undefined
        readonly mediaTypes: MediaTypes
      }[]
    | undefined
  readonly leaseSeconds: number
  /** Codes of languages that `ocr` reads, or absolute paths of their data files. */
  readonly ocrLanguages: readonly string[]
  /** Absolute path of the certificates that `provenance` trusts, in PEM. */
  readonly trustAnchors: string | undefined
  /** Undefined: no model is configured. */
  readonly vision:
    | {
        readonly provider: 'openai-compatible' | 'anthropic'
        readonly baseUrl: string | undefined
        readonly apiKey: string | undefined
        readonly model: string
        readonly prompt: string | undefined
        readonly timeoutMs: number
        readonly dailyBudget: { readonly usd?: number; readonly tokens?: number } | undefined
        /** US dollars per million tokens. */
        readonly prices: { readonly input: number; readonly output: number } | undefined
      }
    | undefined
}

/** Reports what is missing among settings that depend on each other. */
export function checkAnalysis(env: AnalysisEnvironment, context: z.RefinementCtx): void {
  const demand = (name: keyof AnalysisEnvironment, message: string): void =>
    context.addIssue({ code: 'custom', path: [name], message })
  const isWanted = env.VISION_BASE_URL !== undefined || env.VISION_API_KEY !== undefined
  if (isWanted && env.VISION_MODEL === undefined) demand('VISION_MODEL', 'is needed: which model is asked')
  if (!isWanted && env.VISION_MODEL !== undefined)
    demand('VISION_API_KEY', 'or VISION_BASE_URL is needed with VISION_MODEL')
  const isPriced = env.VISION_INPUT_PRICE !== undefined && env.VISION_OUTPUT_PRICE !== undefined
  if (env.VISION_DAILY_BUDGET && 'usd' in env.VISION_DAILY_BUDGET && !isPriced)
    demand(
      'VISION_DAILY_BUDGET',
      'in USD needs VISION_INPUT_PRICE and VISION_OUTPUT_PRICE (USD for a million tokens)',
    )
}

export function toAnalysis(env: AnalysisEnvironment): AnalysisConfig {
  const { VISION_INPUT_PRICE: input, VISION_OUTPUT_PRICE: output, VISION_MODEL: model } = env
  return {
    analysers: env.ANALYSERS,
    leaseSeconds: env.ANALYSIS_LEASE_SECONDS,
    ocrLanguages: env.OCR_LANGUAGES.map((name) => (name.includes('.traineddata') ? resolve(name) : name)),
    trustAnchors: env.PROVENANCE_TRUST_ANCHORS && resolve(env.PROVENANCE_TRUST_ANCHORS),
    vision:
      model === undefined
        ? undefined
        : {
            provider: env.VISION_PROVIDER,
            baseUrl: env.VISION_BASE_URL,
            apiKey: env.VISION_API_KEY,
            model,
            prompt: env.VISION_PROMPT,
            timeoutMs: env.VISION_TIMEOUT_MS,
            dailyBudget: env.VISION_DAILY_BUDGET,
            prices: input === undefined || output === undefined ? undefined : { input, output },
          },
  }
}
