import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { PipelineStats } from '@mediakeep/pipeline'

/** How long the last count is reused at least: counting everything takes a pass over the tables. */
const STATS_MS = 15_000
/** A count is reused for this many times as long as it took, so counting takes at most 5 % of the time. */
const REUSE = 19

export interface Metrics {
  readonly contentType: string
  /** Prometheus text. */
  read(): Promise<string>
  /** Records a finished request. */
  observe(route: string, method: string, status: number, seconds: number): void
}

/** Current subscriptions. */
export interface LiveStats {
  readonly clients: number
  /** Number of different subscriptions. */
  readonly groups: number
  /** Age of the newest event when it was taken from the log, in seconds. */
  readonly lagSeconds: number
}

export function openMetrics(
  readStats: () => Promise<PipelineStats>,
  readLiveStats: () => LiveStats,
): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'mediakeep_http_request_duration_seconds',
    help: 'How long requests took, by route, method and status',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  const update = pipelineGauges(registry)
  const updateLive = liveGauges(registry)
  const count = async (): Promise<number> => {
    const startedAt = performance.now()
    update(await readStats())
    return performance.now() + Math.max(STATS_MS, REUSE * (performance.now() - startedAt))
  }
  let validUntil = -Infinity
  let counting: Promise<void> | undefined
  const refresh = async (): Promise<void> => {
    if (performance.now() < validUntil) return
    counting ??= count()
      .then((until) => void (validUntil = until))
      .finally(() => (counting = undefined))
    await counting
  }
  return {
    contentType: registry.contentType,
    async read() {
      await refresh()
      updateLive(readLiveStats())
      return registry.metrics()
    },
    observe: (route, method, status, seconds) => requests.observe({ route, method, status }, seconds),
  }
}

function liveGauges(registry: Registry): (stats: LiveStats) => void {
  const gauge = (name: string, help: string): Gauge =>
    new Gauge({ name: `mediakeep_live_${name}`, help, registers: [registry] })
  const clients = gauge('clients', 'Subscriptions that are streamed')
  const groups = gauge('groups', 'Different subscriptions: each is executed and serialised once')
  const lag = gauge('lag_seconds', 'From the writing of an event to its taking, for the newest')
  return (stats) => {
    clients.set(stats.clients)
    groups.set(stats.groups)
    lag.set(stats.lagSeconds)
  }
}

function pipelineGauges(registry: Registry): (stats: PipelineStats) => void {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name: `mediakeep_${name}`, help, labelNames, registers: [registry] })
  const media = gauge('media', 'Media references by fate', 'fate')
  const analysis = gauge('media_analysis', 'Media references by analysis status', 'status')
  const contents = gauge(
    'contents',
    'Distinct contents; those that are archived; those that the archive does not show any more',
    'state',
  )
  const bytes = gauge('content_bytes', 'Bytes of distinct contents, and of those that are archived', 'state')
  const queue = gauge('queue', 'Work that waits', 'queue')
  const oldest = gauge(
    'oldest_waiting_seconds',
    'Age of the media reference that waits longest; 0 when none does',
  )
  return (stats) => {
    media.reset()
    for (const [fate, count] of Object.entries(stats.media.byFate)) media.set({ fate }, count)
    analysis.reset()
    for (const [status, count] of Object.entries(stats.media.byAnalysisStatus))
      analysis.set({ status }, count)
    contents.set({ state: 'stored' }, stats.contents.total)
    contents.set({ state: 'archived' }, stats.contents.archived)
    contents.set({ state: 'missing' }, stats.contents.missing)
    bytes.set({ state: 'stored' }, stats.contents.bytes)
    bytes.set({ state: 'archived' }, stats.contents.archivedBytes)
    queue.set({ queue: 'download' }, stats.queues.download.waiting)
    queue.set({ queue: 'download_retry' }, stats.queues.download.retrying)
    queue.set({ queue: 'archive' }, stats.queues.archive.waiting)
    queue.set({ queue: 'archive_given_up' }, stats.queues.archive.givenUp)
    oldest.set(stats.oldestWaitingAt ? (Date.now() - stats.oldestWaitingAt.getTime()) / 1000 : 0)
  }
}
