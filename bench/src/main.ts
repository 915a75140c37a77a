import { formatComparison, type Comparison } from './compare.ts'
import { benchDigest } from './digest.bench.ts'
import { benchVerify } from './verify.bench.ts'

const benches: Record<string, () => Promise<Comparison[]>> = {
  digest: benchDigest,
  verify: benchVerify,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in benches))
if (unknown.length > 0) {
  process.stderr.write(
    `No bench named ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}\n`,
  )
  process.exit(2)
}
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for (const comparison of await bench()) process.stdout.write(`${formatComparison(comparison)}\n`)
}
