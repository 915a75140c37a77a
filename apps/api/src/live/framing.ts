/** How results are written to a response. */
export interface Framing {
  readonly name: string
  readonly contentType: string
  /** Without a cursor where it stands nowhere in the log. */
  result(json: string, cursor: string | undefined): string
  /** What tells client and proxies that the connection lives; where the protocol can, with the place reached. */
  heartbeat(cursor: string): string
  /** The subscription is over; a client need not come again. */
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

/** Subscriptions over multipart HTTP, as Apollo's HttpLink asks for them. */
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

/** @returns undefined when the client does not take a stream; one that takes anything gets Server-Sent Events */
export function framingFor(accept = '*/*'): Framing | undefined {
  if (/\bmultipart\/mixed\b[^,]*\bsubscriptionSpec=/i.test(accept)) return multipart
  return /\btext\/event-stream\b|(?:^|[\s,])(?:\*|text)\/\*/i.test(accept) ? serverSentEvents : undefined
}
