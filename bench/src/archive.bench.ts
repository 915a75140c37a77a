import { join } from 'node:path'
import { openS3Archive } from '@mediakeep/archive'
import { openCache, type FileCache } from '@mediakeep/cache'
import type { Stage } from '@mediakeep/lease'
import { archiveStage } from '@mediakeep/pipeline'
import { fillCache, queueContents, type CachedContent } from './archive-files.ts'
import { openGateway, type Gateway } from './ceph.ts'
import { compare, type Contender, type Finding, type Reference } from './compare.ts'
import { withDatabases, type Databases } from './databases.ts'
import { isInstalled } from './downloaders.ts'
import { sampleSet, type SetName } from './samples.ts'
import { stageLog } from './stage-log.ts'
import { awsSync, putLoop, type Upload } from './uploaders.ts'

const UPLOADS = 16

/** Measures small and large files to a Ceph gateway through the archive stage; HEAD checks every object. */
export async function benchArchive(): Promise<Finding[]> {
  return await withDatabases(async (databases) => {
    const gateway = await openGateway(join(databases.folder, 'ceph'))
    if (!gateway)
      return ['archive: skipped: no Ceph gateway (.ci/ceph-gateway start installs and starts one)']
    try {
      return [
        ...(await benchSet('small', gateway, databases)),
        ...(await benchSet('large', gateway, databases)),
      ]
    } finally {
      await gateway.close()
    }
  })
}

async function benchSet(name: SetName, gateway: Gateway, databases: Databases): Promise<Finding[]> {
  const set = await sampleSet(name)
  const folder = join(databases.folder, `cache-${name}`)
  const cache = await openCache(folder, { create: true })
  const contents = await fillCache(cache, set)
  const bytes = contents.reduce((sum, content) => sum + content.byteSize, 0)
  const units = name === 'small' ? contents.length : bytes / 1e6
  const reference = (against: string, aim: number, work: (upload: Upload) => Promise<void>): Reference => {
    let bucket: string
    return {
      against,
      aim,
      async prepare() {
        bucket = await gateway.createBucket()
      },
      run: () => work({ gateway, bucket, folder, contents, uploads: UPLOADS }).then(() => units),
    }
  }
  const hasAws = await isInstalled('aws')
  const comparisons = await compare({
    name: `archive ${set.title}`,
    unit: name === 'small' ? 'objects/s' : 'MB/s',
    ours: archiving(gateway, databases, cache, contents, units),
    references: [
      ...(hasAws ? [reference('aws s3 sync', 1, awsSync)] : []),
      reference('a bare PutObject loop of 16', 0.6, putLoop),
    ],
  })
  await cache.close()
  return [...comparisons, ...(hasAws ? [] : ['aws s3 sync: not installed'])]
}

function archiving(
  gateway: Gateway,
  databases: Databases,
  cache: FileCache,
  contents: readonly CachedContent[],
  units: number,
): Contender {
  let stage: Stage
  return {
    async prepare() {
      const db = await databases.fresh('archive')
      await queueContents(db, cache.id, contents)
      const archive = openS3Archive({ ...gateway.connection, bucket: await gateway.createBucket() })
      stage = archiveStage({ db, cache, archive, concurrency: UPLOADS, leaseSeconds: 30, log: stageLog })
    },
    async run() {
      const { done, failed } = await stage.drain(new AbortController().signal)
      if (done !== contents.length) throw new Error(`${done} were archived, ${failed} failed`)
      return units
    },
  }
}
