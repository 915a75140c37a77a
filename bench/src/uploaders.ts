import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { archiveKey } from '@mediakeep/content'
import type { CachedContent } from './archive-files.ts'
import type { Gateway } from './ceph.ts'

const run = promisify(execFile)

export interface Upload {
  readonly gateway: Gateway
  readonly bucket: string
  /** The cache's folder. */
  readonly folder: string
  readonly contents: readonly CachedContent[]
  /** Number of concurrent uploads. */
  readonly uploads: number
}

/** Larger bodies are streamed. */
const SMALL = 1024 ** 2

/** Sends the requests and does nothing else. */
export async function putLoop({ gateway, bucket, folder, contents, uploads }: Upload): Promise<void> {
  const client = new S3Client({ ...gateway.connection, requestChecksumCalculation: 'WHEN_REQUIRED' })
  const queue = [...contents]
  const work = async (): Promise<void> => {
    for (let content = queue.pop(); content; content = queue.pop()) {
      const path = join(folder, content.path)
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: archiveKey(content),
          Body: content.byteSize > SMALL ? createReadStream(path) : await readFile(path),
          ContentLength: content.byteSize,
          ContentType: content.mimeType,
        }),
      )
    }
  }
  try {
    await Promise.all(Array.from({ length: uploads }, work))
  } finally {
    client.destroy()
  }
}

/** Uses the program's own settings: ten requests at once, parts of 8 MiB. */
export async function awsSync({ gateway, bucket, folder, contents }: Upload): Promise<void> {
  const { endpoint, region, credentials } = gateway.connection
  const [media] = contents[0]!.path.split('/')
  await run(
    'aws',
    [
      's3',
      'sync',
      join(folder, media!),
      `s3://${bucket}/media`,
      '--endpoint-url',
      endpoint,
      '--only-show-errors',
    ],
    {
      env: {
        ...process.env,
        AWS_CONFIG_FILE: '/dev/null',
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        AWS_DEFAULT_REGION: region,
        AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
      },
    },
  )
}
