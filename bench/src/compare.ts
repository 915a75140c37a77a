/** A measurement and its reference. */
export interface Comparison {
  readonly name: string
  /** Unit of both figures, per second: `files/s`. */
  readonly unit: string
  /** Minimum ratio of ours to the reference that we aim for; undefined: printed only. */
  readonly aim: number | undefined
  readonly ours: number
  readonly reference: number
  /** Name of the reference. */
  readonly against: string
}

/** A figure that must not exceed a limit. */
interface Limit {
  readonly name: string
  readonly unit: string
  readonly value: number
  readonly atMost: number
}

/** A result of a bench; a string is printed as it is. */
export type Finding = Comparison | Limit | string

/** A way to do the work; returns how many units were done. Set-up belongs in `prepare`, which is not timed. */
export interface Contender {
  prepare?(): Promise<void>
  run(): Promise<number>
}

export interface Reference extends Contender {
  readonly against: string
  readonly aim?: number
}

export interface CompareOptions {
  readonly name: string
  readonly unit: string
  readonly ours: Contender
  readonly references: readonly Reference[]
  /** Runs per contender, default 3; their median counts. */
  readonly runs?: number
  /** Does one uncounted run of each first: a server has long compiled its code and started its threads. */
  readonly isWarm?: boolean
}

/** Runs ours and the references in turns, so that a slow machine slows all; returns medians, of three by default. */
export async function compare(options: CompareOptions): Promise<Comparison[]> {
  const { ours, references, isWarm = false } = options
  const rates = [ours, ...references].map((contender) => () => rate(contender))
  if (isWarm) for (const measure of rates) await measure()
  return compareRates({ ...options, rates })
}

export interface CompareRatesOptions {
  readonly name: string
  readonly unit: string
  readonly references: readonly Pick<Reference, 'against' | 'aim'>[]
  /** Each measures one run, in units per second: ours first, then the references. */
  readonly rates: readonly (() => Promise<number>)[]
  readonly runs?: number
}

/** Like `compare`, for contenders that measure themselves. */
export async function compareRates(options: CompareRatesOptions): Promise<Comparison[]> {
  const { name, unit, references, rates, runs = 3 } = options
  const measured: number[][] = rates.map(() => [])
  for (let run = 0; run < runs; run++) {
    for (const [index, measure] of rates.entries()) measured[index]!.push(await measure())
  }
  const [ours, ...others] = measured.map(median)
  return references.map(({ against, aim }, index) => ({
    name,
    unit,
    aim,
    against,
    ours: ours!,
    reference: others[index]!,
  }))
}

/** Returns units per second. */
async function rate(contender: Contender): Promise<number> {
  await contender.prepare?.()
  let units = 0
  const seconds = await clock(async () => {
    units = await contender.run()
  })
  return units / seconds
}

/** @returns the duration of `work`, in seconds */
export async function clock(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - start) / 1e9
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

export function formatFinding(finding: Finding): string {
  if (typeof finding === 'string') return finding
  return 'atMost' in finding ? formatLimit(finding) : formatComparison(finding)
}

/** `import: 12,345 rows/s, raw COPY: 20,000, ratio 0.62 (aim 0.50) ok` */
function formatComparison(comparison: Comparison): string {
  const { name, unit, ours, reference, against, aim } = comparison
  const ratio = ours / reference
  const verdict = aim === undefined ? '' : ` (aim ${aim.toFixed(2)}) ${ratio >= aim ? 'ok' : 'BELOW'}`
  return `${name}: ${figure(ours)} ${unit}, ${against}: ${figure(reference)}, ratio ${ratio.toFixed(2)}${verdict}`
}

/** `import, peak memory: 123 MB (at most 300) ok` */
function formatLimit({ name, unit, value, atMost }: Limit): string {
  return `${name}: ${figure(value)} ${unit} (at most ${figure(atMost)}) ${value <= atMost ? 'ok' : 'ABOVE'}`
}

function figure(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0
  return value.toLocaleString('en-US', { maximumFractionDigits: digits })
}
