import { z } from 'zod'

// Schemas for the values of environment variables.

/** `1048576`, `512 MiB`, `10GiB`. */
export const bytes = z.string().transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)\s*(?:(K|M|G|T)iB)?$/.exec(text.trim())
  const size = match && Number(match[1]) * 1024 ** (match[2] ? 'KMGT'.indexOf(match[2]) + 1 : 0)
  if (size && Number.isSafeInteger(Math.round(size))) return Math.round(size)
  context.addIssue({ code: 'custom', message: 'expected bytes above 0, such as 1048576 or "512 MiB"' })
  return z.NEVER
})
const SECONDS = { s: 1, m: 60, h: 3600, d: 24 * 3600 }
/** `30d`, `24h`, `90 m`, `3600s`, at least `least` seconds. */
export const seconds = (least: number): z.ZodType<number, string> =>
  z.string().transform((text, context) => {
    const match = /^(\d+(?:\.\d+)?)\s*([smhd])$/.exec(text.trim())
    const value = match ? Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS] : 0
    if (value >= least && value <= 100 * 365 * SECONDS.d) return value
    context.addIssue({
      code: 'custom',
      message: `expected a time of at least ${least}s, such as 90m, 24h or 30d`,
    })
    return z.NEVER
  })
export const whole = (least: number, most = 2 ** 31 - 1): z.ZodCoercedNumber =>
  z.coerce.number().int().min(least).max(most)
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)
export const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1')
export const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'expected postgresql://user:password@host:port/database',
})
export const httpUrl = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// URL' })
/** A tunnelling proxy, contacted over plain HTTP. */
export const proxyUrl = z
  .url({ protocol: /^http$/, error: 'expected http://host:port of a proxy' })
  .refine(hasNoPath, { error: 'expected http://host:port of a proxy, without a path' })
/** The URL at which clients reach the server. The console and its links require it to be a host's root. */
export const publicUrl = httpUrl.refine(hasNoPath, {
  error:
    'expected a URL without a path, such as https://media.example: the console and the API are served at the root of ' +
    'a host, so give the server a host name of its own',
})
export const hostAndPort = list.pipe(
  z.array(
    z
      .string()
      .regex(/^(\[[0-9a-fA-F:]+\]|[^:[\]/\s]+):\d{1,5}$/, 'expected host:port, such as 127.0.0.1:8080'),
  ),
)

function hasNoPath(text: string): boolean {
  const { pathname, search, hash } = new URL(text)
  return /^\/*$/.test(pathname) && search === '' && hash === ''
}
