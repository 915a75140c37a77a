import { readFile } from 'node:fs/promises'
import {
  type Checkpoint,
  explainReport,
  latestCheckpoint,
  makeCheckpoint,
  programActor,
  rotateSigningKey,
  verifyDatabaseLog,
} from '@mediakeep/custody'
import { type CommonOptions, UsageError, type Work } from '../command.ts'

export interface Verification extends CommonOptions {
  readonly key?: string
  readonly checkpoint?: string
}

export const verify: Work<Verification> = async ({ options, session, output }) => {
  const { pool } = await session.databaseToRead()
  const anchors = {
    key: options.key,
    checkpoints: options.checkpoint === undefined ? [] : [await readCheckpoint(options.checkpoint)],
  }
  const report = await verifyDatabaseLog(pool, { ...anchors, signal: session.signal })
  const explanation = explainReport(report, anchors)
  output.result({ ...report, ...explanation }, [
    ...report.problems.map(({ number, problem }) => `WRONG  ${number}: ${problem}`),
    ...explanation.proved.map((line) => `Proved: ${line}`),
    ...explanation.open.map((line) => `Open:   ${line}`),
    ...(report.waiting > 0 ? [`Open:   ${report.waiting} entries have no number yet.`] : []),
  ])
  return report.problems.length > 0 ? 1 : 0
}

export const checkpoint: Work<CommonOptions> = async ({ session, output }) => {
  const { pool } = await session.database()
  await makeCheckpoint(pool, programActor(), session.signal)
  const latest = await latestCheckpoint(pool)
  if (!latest) {
    output.note('Another process is numbering entries: try again in a moment.')
    return 1
  }
  const saved = { body: latest.body, signature: Buffer.from(latest.signature).toString('base64') }
  output.result(saved, [JSON.stringify(saved)])
  return 0
}

export const rotateKey: Work<CommonOptions> = async ({ session, output }) => {
  const { pool } = await session.database()
  const { publicKey } = await rotateSigningKey(pool, programActor())
  output.result({ fingerprint: publicKey.fingerprint }, [publicKey.fingerprint])
  return 0
}

async function readCheckpoint(path: string): Promise<Checkpoint> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`Cannot read the checkpoint ${path}: ${(error as Error).message}`)
  })
  try {
    const { body, signature } = JSON.parse(text) as Record<string, unknown>
    if (typeof body === 'string' && typeof signature === 'string')
      return { body, signature: Buffer.from(signature, 'base64') }
  } catch {
    // Said below.
  }
  throw new UsageError(`${path} is not a checkpoint: save one with "mediakeep custody checkpoint".`)
}
