/** Writes results to a response in one wire format. */
export interface Framing {
  readonly name: string
  readonly contentType: string
  /** `cursor` is undefined when the result has no position in the log. */
  result(json: string, cursor: string | undefined): string
  /** Shows client and proxies that the connection is alive; includes the current cursor if the protocol allows it. */
  heartbeat(cursor: string): string
  /** Ends the subscription; the client does not need to reconnect. */
  readonly complete: string
}

/** GraphQL over Server-Sent Events, the "distinct connections" mode. */
const serverSentEvents: Framing = {
  name: 'sse',
  contentType: 'text/event-stream; charset=utf-8',
  result: (json, cursor) => `event: next\n${cursor === undefined ? '' : `id: ${cursor}\n`}data: ${json}\n\n`,
  heartbeat: (cursor) => `id: ${cursor}\n:\n\n`,
  complete: 'event: complete\ndata:\n\n',
}

/** Multipart subscriptions over HTTP, as Apollo's HttpLink requests them. */
const multipart: Framing = {
  name: 'multipart',
  contentType: 'multipart/mixed; boundary="graphql"; subscriptionSpec=1.0',
  result: (json) => part(`{"payload":${json}}`),
  heartbeat: () => part('{}'),
  complete: '\r\n--graphql--\r\n',
}

function part(json: string): string {
  return `\r\n--graphql\r\ncontent-type: application/json\r\n\r\n${json}\r\n`
}

/** @returns undefined when the client does not accept a stream; Server-Sent Events when it accepts anything */
export function framingFor(accept = '*/*'): Framing | undefined {
  if (/\bmultipart\/mixed\b[^,]*\bsubscriptionSpec=/i.test(accept)) return multipart
  return /\btext\/event-stream\b|(?:^|[\s,])(?:\*|text)\/\*/i.test(accept) ? serverSentEvents : undefined
}
