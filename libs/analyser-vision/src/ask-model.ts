import {
  AnalysisError,
  type Analysis,
  type AnalysisUsage,
  type JsonObject,
  type Picture,
} from '@mediakeep/plugin-api'
import { generateText, NoObjectGeneratedError, Output, type LanguageModel, type LanguageModelUsage } from 'ai'
import { z } from 'zod'
import { toAnalysisError } from './failures.ts'
import { findJson } from './find-json.ts'
import type { RequestDialect } from './request-dialect.ts'

/** US dollars per million tokens. */
export interface VisionPrices {
  readonly input: number
  readonly output: number
}

export interface Question {
  readonly model: LanguageModel
  readonly dialect: RequestDialect
  /** The configured model name, for the records. */
  readonly name: string
  readonly prompt: string
  readonly prices: VisionPrices | undefined
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

const MAX_OUTPUT_TOKENS = 4000
const MAX_LABELS = 50

const answerSchema = z.object({
  caption: z.string(),
  altText: z.string(),
  labels: z.array(z.string()),
  text: z.string(),
})

/** For services that do not enforce the schema: if there is nothing to read, `text` may be null or missing. */
const looseSchema = answerSchema.extend({
  text: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
})

const FORM =
  'Answer with one JSON object and nothing else: {"caption": string, "altText": string, "labels": [string], "text": string}.'

/** Characters kept of an unusable answer: enough to see what was paid for. */
const KEPT_TEXT = 2000

/** @throws AnalysisError, or the signal's reason */
export async function askModel(picture: Picture, question: Question): Promise<Analysis> {
  for (;;) {
    try {
      return await askOnce(picture, question)
    } catch (error) {
      // The rejected request was not billed. Each rejection removes something from the next request, so this loop ends.
      if (!(error instanceof AnalysisError) || !question.dialect.learn(error.cause)) throw error
    }
  }
}

async function askOnce(picture: Picture, question: Question): Promise<Analysis> {
  const { model, name, prompt, prices, timeoutMs, signal } = question
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await generateText({
      model,
      output: Output.object({ schema: answerSchema }),
      maxOutputTokens: MAX_OUTPUT_TOKENS,
      // The queue does the retries, and knows how long to wait.
      maxRetries: 0,
      abortSignal: AbortSignal.any([signal, timeout]),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: `${prompt}\n\n${FORM}` },
            { type: 'file', data: picture.bytes, mediaType: picture.mimeType },
          ],
        },
      ],
    })
    const usage = usageOf(answer.usage, name, prices)
    if (answer.finishReason === 'content-filter') throw refused(answer.text, usage)
    if (answer.finishReason !== 'stop') throw cutShort(answer.finishReason, usage)
    return { result: storable(answer.output), usage }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof AnalysisError) throw error
    if (NoObjectGeneratedError.isInstance(error)) {
      const usage = error.usage && usageOf(error.usage, name, prices)
      if (error.finishReason === 'content-filter') throw refused(error.text ?? '', usage)
      const found = error.finishReason === 'stop' ? readAnswer(error.text ?? '') : undefined
      if (found === undefined) throw invalid(error, usage)
      return { result: storable(found), ...(usage && { usage }) }
    }
    throw toAnalysisError(error, timeout.aborted ? timeoutMs : undefined)
  }
}

/** Finds the answer in a code fence, after the model's thoughts, or within a sentence. */
function readAnswer(text: string): z.infer<typeof answerSchema> | undefined {
  for (const candidate of findJson(text)) {
    const parsed = looseSchema.safeParse(candidate)
    if (parsed.success) return parsed.data
  }
  return undefined
}

function refused(text: string, usage: AnalysisUsage | undefined): AnalysisError {
  return new AnalysisError('refused', `The model refuses: ${text.slice(0, 200)}`, { usage })
}

function cutShort(finishReason: string, usage: AnalysisUsage): AnalysisError {
  const message = `The answer was not finished: ${finishReason}`
  return new AnalysisError('invalid_response', message, { retryable: true, usage })
}

function invalid(cause: NoObjectGeneratedError, usage: AnalysisUsage | undefined): AnalysisError {
  const message = `The answer is not what was asked for: ${(cause.text ?? '').slice(0, KEPT_TEXT)}`
  return new AnalysisError('invalid_response', message, { retryable: true, usage, cause })
}

function usageOf(
  { inputTokens = 0, outputTokens = 0, totalTokens }: LanguageModelUsage,
  model: string,
  prices: VisionPrices | undefined,
): AnalysisUsage {
  const costUsd = prices && (inputTokens * prices.input + outputTokens * prices.output) / 1e6
  return { model, tokensUsed: totalTokens ?? inputTokens + outputTokens, costUsd }
}

function storable({ caption, altText, labels, text }: z.infer<typeof answerSchema>): JsonObject {
  return {
    caption: clean(caption),
    altText: clean(altText),
    labels: [...new Set(labels.map(clean))].filter((label) => label !== '').slice(0, MAX_LABELS),
    text: clean(text),
  }
}

/** PostgreSQL accepts neither NUL nor half a surrogate pair. */
function clean(text: string): string {
  return text.replaceAll('\0', '').toWellFormed().trim()
}
