/** A line that begins a message: its date and time as written, and the rest. */
export interface Start {
  readonly date: string
  readonly time: string
  readonly rest: string
}

const MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g
const DATE = String.raw`(\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}\.?)`
const HALF = String.raw`(?:AM|PM|am|pm|a\.\s?m\.|p\.\s?m\.|a\.m|p\.m|上午|下午|오전|오후|午前|午後|vorm\.|nachm\.)`
const TIME = String.raw`((?:${HALF}\s?)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?${HALF})?)`
const IOS = new RegExp(String.raw`^\[${DATE},?\s${TIME}\]\s(.*)$`, 's')
const ANDROID = new RegExp(
  String.raw`^${DATE},?\s(?:(?:um|klo|a las|à|às|kl\.)\s)?${TIME}(?:\sUhr)?\s[-–]\s(.*)$`,
  's',
)
/** Until 2016: `31.12.15 23:59:01: Ada: …`. */
const EARLY_IOS = new RegExp(String.raw`^${DATE},?\s(\d{1,2}[:.]\d{2}[:.]\d{2}(?:\s?${HALF})?):\s(.*)$`, 's')

/** Spaces of every kind count as one, and marks of the writing direction as none. */
function plain(text: string): string {
  return text.replace(MARKS, '').replace(/[\u00a0\u202f\u2009]/g, ' ')
}

/** Reads the beginning of a message of iOS, `[31.12.23, 23:59:01] `, or of Android, `31.12.23, 23:59 - `. */
export function parseStart(text: string): Start | undefined {
  const clean = plain(text)
  const [, date, time, rest] = IOS.exec(clean) ?? ANDROID.exec(clean) ?? EARLY_IOS.exec(clean) ?? []
  return date === undefined ? undefined : { date, time: time!, rest: rest! }
}

/**
 * Returns the time as if the phone's clock was UTC: a chat has no time zone. The order of day and month follows the
 * shapes of WhatsApp's languages, unless a number above 12 decides.
 */
export function parseTime({ date, time }: Start): number | undefined {
  const numbers = date.replace(/\.$/, '').split(/[./-]\s?/)
  const ordered = orderOf(numbers, date, time)
  if (!ordered) return undefined
  const [year, month, day] = ordered
  const [hour, minute, second] = clockOf(time)
  const result = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const isReal = result.getUTCMonth() === month - 1 && result.getUTCDate() === day && hour < 24 && minute < 60
  return isReal ? result.getTime() : undefined
}

function orderOf(
  written: readonly string[],
  date: string,
  time: string,
): [number, number, number] | undefined {
  const [a, b, c] = written.map(Number)
  if (a === undefined || b === undefined || c === undefined || written.length !== 3) return undefined
  if (written[0]!.length === 4) return [a, b, c]
  const year = written[2]!.length === 4 ? c : 2000 + c
  if (a > 12) return [year, b, a]
  if (b > 12) return [year, a, b]
  return monthFirst(written, date, time) ? [year, a, b] : [year, b, a]
}

/** Only American English has the month first: `1/5/24, 9:41 PM`, with slashes, without zeros and with half days. */
function monthFirst(written: readonly string[], date: string, time: string): boolean {
  const isPadded = written[0]!.startsWith('0') || written[1]!.startsWith('0') || written[2]!.length === 4
  return date.includes('/') && !isPadded && /[AP]M/.test(time)
}

function clockOf(time: string): [number, number, number] {
  const [hour = 0, minute = 0, second = 0] = (time.match(/\d+/g) ?? []).map(Number)
  if (/pm|p\.\s?m|下午|오후|午後|nachm/i.test(time)) return [(hour % 12) + 12, minute, second]
  if (/am|a\.\s?m|上午|오전|午前|vorm/i.test(time)) return [hour % 12, minute, second]
  return [hour, minute, second]
}
