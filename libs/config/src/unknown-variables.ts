/** Other programs' variables rarely start with these prefixes, so an unknown one is probably misspelt. */
const PREFIXES = [
  'MEDIAKEEP_',
  'S3_',
  'CACHE_',
  'DECODER_',
  'DOWNLOAD_',
  'QUARANTINE_',
  'VERIFY_',
  'ANALYSIS_',
  'VISION_',
  'OCR_',
  'PROVENANCE_',
  'JWT_',
  'PERSISTED_',
]

/** Variables that other programs of ours read: tests, and the example worker. */
const ELSEWHERE = ['MEDIAKEEP_URL', 'MEDIAKEEP_TOKEN', 'MEDIAKEEP_SOAK']

/** @returns one sentence for each unknown variable with one of our prefixes, suggesting the nearest known name */
export function unknownVariables(env: NodeJS.ProcessEnv, known: readonly string[]): string[] {
  const names = Object.keys(env).filter((name) => env[name] && PREFIXES.some((p) => name.startsWith(p)))
  return names
    .filter((name) => !known.includes(name) && !ELSEWHERE.includes(name))
    .sort()
    .map((name) => {
      const nearest = nearestTo(name, known)
      return `${name} is no setting of Mediakeep and is ignored${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`
    })
}

/** Finds the nearest name; up to a third of the letters may differ. */
function nearestTo(name: string, known: readonly string[]): string | undefined {
  const distances = known.map((other) => ({ other, distance: editDistance(name, other) }))
  const [best] = distances.sort((a, b) => a.distance - b.distance)
  return best !== undefined && best.distance <= name.length / 3 ? best.other : undefined
}

/** Levenshtein distance: number of letters to insert, remove or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, n) => n)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row.at(-1)!
}
