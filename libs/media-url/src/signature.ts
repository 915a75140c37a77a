/** The signing scheme of one kind of URL: its signing parameters, and the expiry time they contain. */
export interface SignatureRule {
  applies(host: string, parameters: ReadonlyMap<string, string>): boolean
  /** `name` is lower case. A parameter that selects content (size, crop, byte range, version) never signs. */
  signs(name: string): boolean
  expiresAt(parameters: ReadonlyMap<string, string>): Date | undefined
}

/** Hosts with known parameters, and signatures whose parameter names are unmistakable on any host. */
const RULES: readonly SignatureRule[] = [
  // https://media.licdn.com/dms/image/v2/…?e=1764201600&v=beta&t=…
  {
    applies: (host) => isUnder(host, 'licdn.com'),
    signs: named('e', 'v', 't'),
    expiresAt: (parameters) => fromSeconds(parameters.get('e')),
  },
  // https://scontent.cdninstagram.com/v/t51…?stp=dst-jpg_s640x640&_nc_ht=…&oh=…&oe=6927F800; `stp` selects the size
  {
    applies: (host) => isUnder(host, 'cdninstagram.com') || isUnder(host, 'fbcdn.net'),
    signs: (name) => ['oh', 'oe', 'ccb', 'edm'].includes(name) || name.startsWith('_nc_'),
    expiresAt: (parameters) => fromHexSeconds(parameters.get('oe')),
  },
  // https://cdn.discordapp.com/attachments/…?ex=6927f800&is=…&hm=…; width, height and format select
  {
    applies: (host) => isUnder(host, 'discordapp.com') || isUnder(host, 'discordapp.net'),
    signs: named('ex', 'is', 'hm'),
    expiresAt: (parameters) => fromHexSeconds(parameters.get('ex')),
  },
  // TikTok's CDNs, which have many hostnames
  {
    applies: (_host, parameters) => parameters.has('x-expires') && parameters.has('x-signature'),
    signs: named('x-expires', 'x-signature', 'refresh_token'),
    expiresAt: (parameters) => fromSeconds(parameters.get('x-expires')),
  },
  // S3 and compatible stores, Signature Version 4; versionId, partNumber and response-* select
  {
    applies: (_host, parameters) => parameters.has('x-amz-signature'),
    signs: (name) => name.startsWith('x-amz-'),
    expiresAt: (parameters) => fromStart(parameters.get('x-amz-date'), parameters.get('x-amz-expires')),
  },
  // CloudFront (canned or custom policy), and S3's Signature Version 2
  {
    applies: (_host, parameters) =>
      parameters.has('signature') && (parameters.has('key-pair-id') || parameters.has('awsaccesskeyid')),
    signs: named('expires', 'signature', 'key-pair-id', 'policy', 'awsaccesskeyid'),
    expiresAt: (parameters) => fromSeconds(parameters.get('expires')),
  },
]

/** @param parameters keyed by lower-case name */
export function findSignature(
  host: string,
  parameters: ReadonlyMap<string, string>,
): SignatureRule | undefined {
  return RULES.find((rule) => rule.applies(host, parameters))
}

function isUnder(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`)
}

function named(...names: string[]): (name: string) => boolean {
  return (name) => names.includes(name)
}

function fromSeconds(text: string | undefined): Date | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? plausible(Number(text) * 1000) : undefined
}

function fromHexSeconds(text: string | undefined): Date | undefined {
  return text !== undefined && /^[\da-f]{1,10}$/i.test(text)
    ? plausible(Number.parseInt(text, 16) * 1000)
    : undefined
}

/** @param start `20261123T094500Z` */
function fromStart(start: string | undefined, seconds: string | undefined): Date | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(start ?? '')
  if (!parts || !/^\d{1,9}$/.test(seconds ?? '')) return undefined
  const [, year, month, day, hour, minute, second] = parts
  const began = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return plausible(began + Number(seconds) * 1000)
}

const EARLIEST = Date.UTC(2000, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

/** A time outside this century is not an expiry, but something else under the same name. */
function plausible(time: number): Date | undefined {
  return time >= EARLIEST && time < LATEST ? new Date(time) : undefined
}
