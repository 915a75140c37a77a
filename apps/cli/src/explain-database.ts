import type { Config } from '@mediakeep/config'

type Advice = (place: string, variable: string, database: string, user: string) => string

const UNKNOWN_CA: Advice = (place, variable) =>
  `${place} has a certificate of an authority that this machine does not know. Add the authority's certificate to ` +
  `${variable}: &sslrootcert=/path/to/ca.pem. To encrypt without checking who answers: sslmode=no-verify.`

/** Connection error codes of Node.js, and SQLSTATEs of PostgreSQL, that end every command. */
const REASONS: Readonly<Record<string, Advice>> = {
  ECONNREFUSED: (place) => `${place} refuses connections. Check that PostgreSQL runs there, and the port.`,
  ENOTFOUND: (place) => `${place} is not a known host name. Check its spelling, and the DNS of this machine.`,
  EAI_AGAIN: (place) => `The host name of ${place} cannot be looked up now. Check the DNS of this machine.`,
  ETIMEDOUT: (place) => `${place} does not answer. Check the address, and firewalls on the way.`,
  EHOSTUNREACH: (place) => `${place} cannot be reached from this machine. Check the network.`,
  ENETUNREACH: (place) => `${place} cannot be reached from this machine. Check the network.`,
  ECONNRESET: (place) => `${place} closed the connection. Check that it is PostgreSQL, and its log.`,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_CA,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_CA,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_CA,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_CA,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_CA,
  CERT_HAS_EXPIRED: (place) =>
    `The certificate of ${place} has expired. Renew it, or check this machine's clock.`,
  ERR_TLS_CERT_ALTNAME_INVALID: (place, variable) =>
    `The certificate of ${place} is for another host name. Use a name that it contains in ${variable}.`,
  '28P01': (place, _, __, user) => `${place} refuses the password of "${user}". Check user and password.`,
  '28000': (place, _, __, user) =>
    `${place} does not let "${user}" in from this machine. Check user and pg_hba.conf.`,
  '3D000': (place, _, database) =>
    `${place} has no database "${database}". Create it: CREATE DATABASE ${database}.`,
  '42501': (place, _, __, user) => `"${user}" lacks a permission at ${place}. GRANT it, or use another role.`,
  '53300': (place) => `${place} has no free connections. Raise max_connections, or use a pooler.`,
  '57P03': (place) => `${place} is starting or stopping. Try again in a moment.`,
  '25006': (place) => `${place} is read-only, as a standby is. Only list and stats work there.`,
}

/** @returns undefined if the error does not come from the database */
export function explainDatabase(error: Error, config?: Config): string | undefined {
  const { code } = error as NodeJS.ErrnoException
  const advice = code === undefined ? undefined : REASONS[code]
  if (advice === undefined || (error as NodeJS.ErrnoException).path !== undefined) return undefined
  const { variable, url } = whichUrl(error, config)
  if (url === undefined) return undefined
  const name = decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username)
  const place = `The database server ${url.hostname}:${url.port || '5432'} (${variable})`
  const detail = /^\d/.test(code!) ? ` PostgreSQL says: ${error.message}.` : ''
  return advice(place, variable, name, decodeURIComponent(url.username)) + detail
}

/** Returns the variable for the server that the error is about. */
function whichUrl(error: Error, config?: Config): { variable: string; url: URL | undefined } {
  const { databaseUrl, directDatabaseUrl } = config ?? {}
  const { port } = error as Error & { port?: number }
  const direct = parse(directDatabaseUrl)
  const isDirect =
    directDatabaseUrl !== databaseUrl && port !== undefined && Number(direct?.port || 5432) === port
  return isDirect
    ? { variable: 'DIRECT_DATABASE_URL', url: direct }
    : { variable: 'DATABASE_URL', url: parse(databaseUrl) }
}

const parse = (url: string | undefined): URL | undefined =>
  url === undefined ? undefined : (URL.parse(url) ?? undefined)
