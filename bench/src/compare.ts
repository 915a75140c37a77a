/** One thing measured beside its reference. */
export interface Comparison {
  readonly name: string
  /** What both figures count, a second: `files/s`. */
  readonly unit: string
  /** The least ratio of ours to the reference that we aim at; undefined: printed only. */
  readonly aim: number | undefined
  readonly ours: number
  readonly reference: number
  /** What the reference is. */
  readonly against: string
}

/** A way to do the work; returns how many units were done. Set-up belongs into `prepare`, outside the clock. */
export interface Contender {
  prepare?(): Promise<void>
  run(): Promise<number>
}

export interface CompareOptions {
  readonly name: string
  readonly unit: string
  readonly aim?: number
  readonly against: string
  readonly ours: Contender
  readonly reference: Contender
  /** How many runs each; their median counts. */
  readonly runs?: number
}

/** Runs both in turns, so that what slows the machine down slows both; medians of three. */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { name, unit, aim, against, runs = 3 } = options
  const ours: number[] = []
  const reference: number[] = []
  for (let run = 0; run < runs; run++) {
    ours.push(await rate(options.ours))
    reference.push(await rate(options.reference))
  }
  return { name, unit, aim, against, ours: median(ours), reference: median(reference) }
}

/** Units a second. */
async function rate(contender: Contender): Promise<number> {
  await contender.prepare?.()
  const start = process.hrtime.bigint()
  const units = await contender.run()
  return units / (Number(process.hrtime.bigint() - start) / 1e9)
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/** `import  12,345 rows/s  against raw COPY 20,000  ratio 0.62 (aim 0.50) ok` */
export function formatComparison(comparison: Comparison): string {
  const { name, unit, ours, reference, against, aim } = comparison
  const ratio = ours / reference
  const verdict = aim === undefined ? '' : ` (aim ${aim.toFixed(2)}) ${ratio >= aim ? 'ok' : 'BELOW'}`
  return `${name}: ${figure(ours)} ${unit}, ${against}: ${figure(reference)}, ratio ${ratio.toFixed(2)}${verdict}`
}

export function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 })
}
