import { join } from 'node:path'
import type { Fetcher } from '@mediakeep/content'
import { openFetcher } from '@mediakeep/fetch'
import { createInspector, openSandboxedInspector } from '@mediakeep/inspect'
import { noIsolation } from '@mediakeep/sandbox'
import { startChild } from './child.ts'
import { compare, type Comparison, type Finding, type Reference } from './compare.ts'
import { withDatabases, type Databases } from './databases.ts'
import {
  CONNECTIONS,
  downloading,
  downloadingAndInspecting,
  inspectFolder,
  inspecting,
  type DownloadTask,
} from './download-stages.ts'
import {
  ariaDownload,
  curlDownload,
  emptyFolder,
  isInstalled,
  plainDownload,
  type Download,
} from './downloaders.ts'
import type { SetName } from './samples.ts'

interface Origin {
  readonly url: string
  readonly title: string
  readonly count: number
  readonly byteSize: number
  readonly extension: string
}

interface Means {
  readonly databases: Databases
  readonly fetcher: Fetcher
}

type MakeReference = (against: string, work: (download: Download) => Promise<void>, aim?: number) => Reference

/**
 * Compares the download stage, for many small files, with the same work without a database. Decoding is a separate
 * stage: its rate, and that of both stages at once, are on lines of their own.
 */
export async function benchDownload(): Promise<Finding[]> {
  return await withOrigin('small', async (origin, { databases, fetcher }) => {
    const reference = references(origin, databases)
    const task = { urls: urlsOf(origin), databases, fetcher }
    const [curl, aria] = await Promise.all(['curl', 'aria2c'].map(isInstalled))
    const comparisons = await compare({
      name: `download ${origin.title}, warm (not decoded: that is a stage of its own)`,
      unit: 'files/s',
      isWarm: true,
      ours: downloading(task),
      references: [
        reference('the same without a database', (download) => plainDownload(download), 0.6),
        ...(curl ? [reference('curl --parallel, unverified, not synced', curlDownload)] : []),
        ...(aria ? [reference('aria2c, unverified, not synced', ariaDownload)] : []),
      ],
    })
    return [
      ...comparisons,
      ...(curl ? [] : ['curl: not installed']),
      ...(aria ? [] : ['aria2c: not installed']),
      ...(await benchInspection(origin, task, reference)),
    ]
  })
}

/** Measures the stage that decodes, alone and alongside downloads. */
async function benchInspection(
  { title }: Origin,
  task: DownloadTask,
  reference: MakeReference,
): Promise<Comparison[]> {
  const inspector = openSandboxedInspector({ isolation: noIsolation })
  const inLine = createInspector()
  const decoding = reference('decoding without a database, in this process', ({ folder }) =>
    inspectFolder(folder),
  )
  try {
    return [
      ...(await compare({
        name: `inspect ${title}`,
        unit: 'files/s',
        ours: inspecting(task, inspector),
        references: [{ ...decoding, prepare: () => fill(task) }],
      })),
      ...(await compare({
        name: `download and inspect ${title}, side by side`,
        unit: 'files/s',
        ours: downloadingAndInspecting(task, inspector),
        references: [
          reference('both without a database, decoding in line', (download) =>
            plainDownload(download, inLine),
          ),
        ],
      })),
    ]
  } finally {
    await inspector.close()
  }
}

/** Compares downloads of a few large files with curl. */
export async function benchLargeDownload(): Promise<Finding[]> {
  return await withOrigin('large', async (origin, { databases, fetcher }) => {
    const megabytes = origin.byteSize / 1e6
    const reference = references(origin, databases, megabytes)
    const hasCurl = await isInstalled('curl')
    const comparisons = await compare({
      name: `download ${origin.title}`,
      unit: 'MB/s',
      ours: downloading({ urls: urlsOf(origin), databases, fetcher, units: megabytes }),
      references: [
        ...(hasCurl ? [reference('curl --parallel, unverified, not synced', curlDownload, 0.4)] : []),
        reference('the same without a database', (download) => plainDownload(download)),
      ],
    })
    return [...comparisons, ...(hasCurl ? [] : ['curl: not installed'])]
  })
}

async function withOrigin(
  set: SetName,
  work: (origin: Origin, means: Means) => Promise<Finding[]>,
): Promise<Finding[]> {
  const child = await startChild(import.meta.resolve('./origin-process.ts'), [set])
  const origin = child.said as Origin
  const fetcher = openFetcher({ allowHosts: [new URL(origin.url).host] })
  try {
    return await withDatabases((databases) => work(origin, { databases, fetcher }))
  } finally {
    await fetcher.close()
    await child.stop()
  }
}

function urlsOf({ url, count, extension }: Origin): string[] {
  return Array.from({ length: count }, (_, n) => `${url}/${n}.${extension}`)
}

const folderOf = ({ folder }: Databases): string => join(folder, 'files')

/** Downloads the files for references that only read them. */
async function fill({ urls, databases }: DownloadTask): Promise<void> {
  const folder = folderOf(databases)
  await emptyFolder(folder)
  await plainDownload({ urls, folder, connections: CONNECTIONS })
}

function references(origin: Origin, databases: Databases, units = origin.count): MakeReference {
  const download = { urls: urlsOf(origin), folder: folderOf(databases), connections: CONNECTIONS }
  return (against, work, aim) => ({
    against,
    ...(aim === undefined ? {} : { aim }),
    prepare: () => emptyFolder(download.folder),
    run: () => work(download).then(() => units),
  })
}
