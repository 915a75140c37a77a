import { execFile } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { isInstalled } from './downloaders.ts'

const run = promisify(execFile)
const SCRIPT = join(import.meta.dirname, '../../.ci/ceph-gateway')

interface Connection {
  readonly endpoint: string
  readonly region: string
  readonly forcePathStyle: true
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

export interface Gateway {
  readonly connection: Connection
  /** @returns the name of a new, empty bucket */
  createBucket(): Promise<string>
  /** Stops it if it was started here. */
  close(): Promise<void>
}

/** Opens the Ceph gateway named by the environment, or else our own, if the programs are installed. */
export async function openGateway(folder: string): Promise<Gateway | undefined> {
  const given = connectionIn(process.env)
  if (given) return gateway(given, () => Promise.resolve())
  if (!(await isInstalled('radosgw'))) return undefined
  const { stdout } = await run(SCRIPT, ['start', folder, String(await freePort())])
  const lines = stdout.trim().split('\n')
  const started = connectionIn(
    Object.fromEntries(
      lines.map((line): [string, string] => [line.split('=', 1)[0]!, line.slice(line.indexOf('=') + 1)]),
    ),
  )
  return gateway(started!, async () => {
    await run(SCRIPT, ['stop', folder])
  })
}

function connectionIn(env: Record<string, string | undefined>): Connection | undefined {
  const {
    CEPH_S3_ENDPOINT: endpoint,
    CEPH_S3_ACCESS_KEY_ID: accessKeyId,
    CEPH_S3_SECRET_ACCESS_KEY: secretAccessKey,
  } = env
  if (!endpoint || !accessKeyId || !secretAccessKey) return undefined
  return {
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  }
}

function gateway(connection: Connection, close: () => Promise<void>): Gateway {
  const client = new S3Client(connection)
  let buckets = 0
  return {
    connection,
    close,
    async createBucket() {
      const name = `bench-${process.pid}-${Date.now()}-${buckets++}`
      await client.send(new CreateBucketCommand({ Bucket: name }))
      return name
    },
  }
}

/** The monitor also uses the two ports 10,000 above it. */
async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    if (port < 55_000) return port
  }
}
