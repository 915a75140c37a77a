import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** The server's handling of the next request; `say` and `refuse` answer with status 200. */
export type ModelTurn =
  | { readonly do: 'say'; readonly content: string; readonly finish?: 'stop' | 'length' }
  | { readonly do: 'refuse' }
  | { readonly do: 'status'; readonly status: number; readonly headers?: Record<string, string> }
  | { readonly do: 'hang' }
  | { readonly do: 'cut' }
  | { readonly do: 'garbage' }

export interface ModelServer {
  /** URL including the path that the protocol requires. */
  readonly url: string
  readonly requests: {
    readonly path: string
    readonly headers: IncomingMessage['headers']
    readonly body: Body
  }[]
  /** The next turns; after them it always answers `MODEL_ANSWER`. */
  turns: ModelTurn[]
  close(): Promise<void>
}

interface Body {
  readonly model: string
  readonly messages: { readonly content: Record<string, unknown>[] }[]
  readonly response_format?: { readonly type: string }
  readonly output_config?: object
  readonly tools?: { readonly name: string }[]
}

/** The default answer. */
export const MODEL_ANSWER = {
  caption: 'A slide about a benchmark',
  altText: 'A slide with a title and three lines',
  labels: ['slide', 'benchmark', 'slide'],
  text: 'Graviton benchmark',
}

/** Starts a server that implements OpenAI's chat completions and Anthropic's messages protocols. */
export async function startModelServer(): Promise<ModelServer> {
  const server = createServer((request, response) => void answer(request, response))
  const state: Pick<ModelServer, 'requests'> & { turns: ModelTurn[] } = { requests: [], turns: [] }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await text(request)) as Body
    state.requests.push({ path: request.url ?? '', headers: request.headers, body })
    const turn = state.turns.shift() ?? { do: 'say', content: JSON.stringify(MODEL_ANSWER) }
    if (turn.do === 'hang') return
    if (turn.do === 'cut') return void response.socket?.destroy()
    const status = turn.do === 'status' ? turn.status : 200
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(turn.do === 'status' && turn.headers),
    })
    if (turn.do === 'garbage') return void response.end('<html>not at all</html>')
    if (turn.do === 'status') return void response.end(JSON.stringify({ error: { message: 'not now' } }))
    const speak = request.url?.endsWith('/messages') ? asAnthropic : asOpenAi
    response.end(JSON.stringify(speak(turn, body)))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/v1`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

type Answer = Extract<ModelTurn, { do: 'say' | 'refuse' }>

function asOpenAi(turn: Answer, { model }: Body): object {
  const message =
    turn.do === 'refuse'
      ? { role: 'assistant', content: null, refusal: 'I will not look at that.' }
      : { role: 'assistant', content: turn.content }
  const finish = turn.do === 'say' ? (turn.finish ?? 'stop') : 'stop'
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, message, finish_reason: finish }],
    usage: { prompt_tokens: 1000, completion_tokens: 200, total_tokens: 1200 },
  }
}

function asAnthropic(turn: Answer, { model, tools }: Body): object {
  const asked = tools?.find(({ name }) => name === 'json')
  const said = turn.do === 'say' ? turn.content : 'I will not look at that.'
  const content =
    turn.do === 'say' && asked
      ? { type: 'tool_use', id: 'toolu_1', name: 'json', input: parsed(said) }
      : { type: 'text', text: said }
  const finish = turn.do === 'refuse' ? 'refusal' : turn.finish === 'length' ? 'max_tokens' : 'end_turn'
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [content],
    stop_reason: asked && finish === 'end_turn' ? 'tool_use' : finish,
    stop_sequence: null,
    usage: { input_tokens: 1000, output_tokens: 200 },
  }
}

/** A truncated answer is not valid JSON: the tool call then gets an empty object. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}
