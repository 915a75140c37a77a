import './threads.ts'
import { benchAnalysisLatency } from './analysis-latency.bench.ts'
import { benchAnalysis } from './analysis.bench.ts'
import { benchArchive } from './archive.bench.ts'
import { formatFinding, type Finding } from './compare.ts'
import { benchDigest } from './digest.bench.ts'
import { benchDownload, benchLargeDownload } from './download.bench.ts'
import { benchGallery } from './gallery.bench.ts'
import { benchImport } from './import.bench.ts'
import { benchLive } from './live.bench.ts'
import { benchPage } from './page.bench.ts'
import { benchPipeline } from './pipeline.bench.ts'
import { benchVerify } from './verify.bench.ts'

const benches: Record<string, () => Promise<Finding[]>> = {
  import: benchImport,
  digest: benchDigest,
  verify: benchVerify,
  download: benchDownload,
  'download-large': benchLargeDownload,
  archive: benchArchive,
  pipeline: benchPipeline,
  page: benchPage,
  analysis: benchAnalysis,
  'analysis-latency': benchAnalysisLatency,
  live: benchLive,
  gallery: benchGallery,
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
  for (const finding of await bench()) process.stdout.write(`${formatFinding(finding)}\n`)
}
