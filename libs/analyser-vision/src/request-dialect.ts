import { APICallError } from 'ai'

type Body = Record<string, unknown>

/** Request parameters that some services reject, with their alternatives in order. */
const TOKEN_LIMITS = ['max_tokens', 'max_completion_tokens'] as const
const FORMATS = ['json_schema', 'json_object', 'none'] as const

/**
 * The form of request that one service accepts. Starts with what most services support; a rejected part is replaced
 * for all later requests too. The prompt also describes the answer's format, so every such part is optional.
 */
export class RequestDialect {
  #format = 0
  #tokens: (typeof TOKEN_LIMITS)[number] | 'none' = 'max_tokens'

  adapt(body: Body): Body {
    const { max_tokens: tokens, response_format: format, ...rest } = body
    return { ...rest, ...this.#limit(tokens), ...this.#formatOf(format) }
  }

  /**
   * Concurrent requests fail alike, so this replaces only what the failed request was sent with.
   * @returns true to retry, because this error names something that can be left out
   */
  learn(error: unknown): boolean {
    if (!isParameterError(error)) return false
    const text = textOf(error)
    const sent = error.requestBodyValues as Body
    if (/max_(?:completion_)?tokens/.test(text)) return this.#changeTokens(sent)
    const isAboutFormat = /response_format|json_schema|json_object|structured.?output/i.test(text)
    return isAboutFormat && this.#changeFormat(sent)
  }

  #changeTokens(sent: Body): boolean {
    const used = TOKEN_LIMITS.find((name) => name in sent) ?? 'none'
    if (used === this.#tokens) {
      if (used === 'none') return false
      this.#tokens = used === 'max_tokens' ? 'max_completion_tokens' : 'none'
    }
    return true
  }

  #changeFormat({ response_format: sent }: Body): boolean {
    const used = FORMATS.indexOf((sent as { type: (typeof FORMATS)[number] } | undefined)?.type ?? 'none')
    if (used === this.#format) {
      if (used === FORMATS.length - 1) return false
      this.#format++
    }
    return true
  }

  #limit(tokens: unknown): Body {
    return tokens === undefined || this.#tokens === 'none' ? {} : { [this.#tokens]: tokens }
  }

  #formatOf(format: unknown): Body {
    const kind = FORMATS[this.#format]
    if (format === undefined || kind === 'none') return {}
    return { response_format: kind === 'json_object' ? { type: kind } : format }
  }
}

/** True if the service rejects the request's form or all pictures; false if it rejects only this picture. */
export function isParameterError(error: unknown): error is APICallError {
  if (!APICallError.isInstance(error) || (error.statusCode !== 400 && error.statusCode !== 422)) return false
  const about =
    /max_(?:completion_)?tokens|response_format|json_schema|json_object|structured.?output|temperature/i
  const refusal =
    /(?:unsupported|unknown|unrecognized)[ _](?:request )?(?:parameter|value|argument)|(?:model|endpoint)[^.]{0,40}(?:not|n't) (?:support|accept|take) (?:image|vision|multimodal)|not a multimodal/i
  const text = textOf(error)
  return about.test(text) || refusal.test(text)
}

function textOf(error: APICallError): string {
  return `${error.message} ${error.responseBody ?? ''}`.slice(0, 4000)
}
