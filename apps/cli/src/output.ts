import { MultiBar, Presets } from 'cli-progress'

/** Output of a command: results on stdout (as JSON on request), everything else on stderr. */
export interface Output {
  readonly isJson: boolean
  /** Prints the command's result: one JSON value, or lines for people. */
  result(value: unknown, lines: readonly string[]): void
  /** Prints a remark that is not part of the result. */
  note(line: string): void
  /** Shows the progress of long work: a bar on a terminal, otherwise a plain line every few seconds. */
  progress(label: string): Progress
}

interface Progress {
  /** `done` of `total` (which may grow), followed by `detail`. */
  update(done: number, total: number, detail?: string): void
  stop(): void
}

const PLAIN_LINE_EVERY_MS = 5000

export function createOutput(options: { json: boolean }): Output {
  return {
    isJson: options.json,
    result: (value, lines) => {
      process.stdout.write(
        options.json ? `${JSON.stringify(value, jsonValue, 2)}\n` : `${lines.join('\n')}\n`,
      )
    },
    note: (line) => void process.stderr.write(`${line}\n`),
    progress: (label) => (process.stderr.isTTY ? bar(label) : plainLines(label)),
  }
}

function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value
}

function bar(label: string): Progress {
  const bars = new MultiBar(
    {
      format: `${label} {bar} {value}/{total} {detail}`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
    },
    Presets.shades_grey,
  )
  const line = bars.create(0, 0, { detail: '' })
  return {
    update: (done, total, detail = '') => {
      line.setTotal(total)
      line.update(done, { detail })
    },
    stop: () => bars.stop(),
  }
}

function plainLines(label: string): Progress {
  let lastSaid = Date.now()
  return {
    update: (done, total, detail = '') => {
      if (Date.now() - lastSaid < PLAIN_LINE_EVERY_MS) return
      lastSaid = Date.now()
      process.stderr.write(`${label}: ${done} of ${total} ${detail}\n`)
    },
    stop: () => undefined,
  }
}

/** Formats rows as an aligned table; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** `1.4 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]!}`
}

/** `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`
}
