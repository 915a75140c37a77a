import { beforeAll, expect, test } from 'vitest'
import type { Anchors } from './anchors.ts'
import { checkpointHash, signCheckpoint, type Checkpoint } from './checkpoint.ts'
import { chainEntry, entryHash, NO_ENTRY, parseRecord, type ChainedEntry, type EntryRecord } from './entry.ts'
import { explainReport } from './explain-report.ts'
import { keyCreation, keyRotation } from './key-record.ts'
import { merkleRoot } from './merkle.ts'
import { newSigningKey, openSigningKey, type SigningKey } from './signing-key.ts'
import { verifyLog, type LogReport } from './verify-log.ts'

const COUNT = 1000
const CHECKPOINT_EVERY = 100
const ROTATED_AT = 501
const AT = '2026-11-30T12:00:00.000000Z'

interface Log {
  readonly entries: readonly ChainedEntry[]
  readonly checkpoints: readonly Checkpoint[]
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function record(number: number, kind: string, details: EntryRecord['details']): EntryRecord {
  const subject = kind.startsWith('key_') ? 'keys' : `media:m${number}`
  return { v: 1, number, epoch: 'e', at: AT, kind, subject, actor: {}, details, commitments: {} }
}

/** Builds a log whose second half is signed by another key. */
function build(keys: readonly [SigningKey, SigningKey], count = COUNT): Log {
  const entries: ChainedEntry[] = []
  for (let number = 1; number <= count; number++) {
    const next =
      number === 1
        ? record(number, 'key_created', keyCreation(keys[0].publicKey))
        : number === ROTATED_AT
          ? record(number, 'key_rotated', keyRotation(...keys))
          : record(number, 'fetched', { byteSize: number })
    entries.push(chainEntry(entries.at(-1)?.hash ?? NO_ENTRY, next))
  }
  return { entries, checkpoints: sign(entries, keys) }
}

function sign(entries: readonly ChainedEntry[], keys: readonly [SigningKey, SigningKey]): Checkpoint[] {
  const checkpoints: Checkpoint[] = []
  for (let count = CHECKPOINT_EVERY; count <= entries.length; count += CHECKPOINT_EVERY) {
    const since = count - CHECKPOINT_EVERY
    const last = checkpoints.at(-1)
    checkpoints.push(
      signCheckpoint(keys[count < ROTATED_AT ? 0 : 1], {
        epoch: 'e',
        count,
        since,
        head: hex(entries[count - 1]!.hash),
        root: hex(merkleRoot(entries.slice(since, count).map(({ hash }) => hash))),
        previous: last ? checkpointHash(last) : null,
        at: AT,
      }),
    )
  }
  return checkpoints
}

/** Chains entries anew from their texts, as somebody would who can write the database. */
function chainAnew(entries: readonly ChainedEntry[]): ChainedEntry[] {
  const chained: ChainedEntry[] = []
  for (const { payload } of entries)
    chained.push(
      chainEntry(chained.at(-1)?.hash ?? NO_ENTRY, { ...parseRecord(payload)!, number: chained.length + 1 }),
    )
  return chained
}

let keys: [SigningKey, SigningKey]
let log: Log
beforeAll(() => {
  keys = [openSigningKey(newSigningKey()), openSigningKey(newSigningKey())]
  log = build(keys)
})

/** Stops at the first problem. */
const firstProblem = async (
  tampered: Log,
  anchors: Anchors = {},
): Promise<LogReport['problems'][number] | undefined> =>
  (await verifyLog(tampered, { ...anchors, maxProblems: 1 })).problems[0]

test('an untouched log is in order, through a change of keys', async () => {
  const report = await verifyLog(log)
  expect(report).toEqual({
    entries: COUNT,
    checkpoints: 10,
    signedThrough: COUNT,
    keys: keys.map(({ publicKey }) => publicKey.fingerprint),
    anchored: { byCheckpoint: 0, byKey: 0 },
    problems: [],
  })
  expect(explainReport(report, {}).open).toContainEqual(
    expect.stringContaining('not provable without an anchor'),
  )
})

type Change = (entries: readonly ChainedEntry[], at: number) => ChainedEntry[]
const changeText = ({ payload }: ChainedEntry): string => payload.replace(AT, AT.replace('2026', '2025'))
const changes: Record<string, Change> = {
  'an edit': (entries, at) => entries.with(at, { ...entries[at]!, payload: changeText(entries[at]!) }),
  'an edit with its own hash': (entries, at) => {
    const { prevHash } = entries[at]!
    const payload = changeText(entries[at]!)
    return entries.with(at, { ...entries[at]!, payload, hash: entryHash(prevHash, payload) })
  },
  'a deletion': (entries, at) => entries.toSpliced(at, 1),
  'an insertion': (entries, at) =>
    entries.toSpliced(at, 0, chainEntry(entries[at]!.prevHash, record(at + 1, 'fetched', { byteSize: 0 }))),
  'a swap': (entries, at) => {
    const other = (at + 1) % entries.length
    return entries.with(at, entries[other]!).with(other, entries[at]!)
  },
  'a swap of texts': (entries, at) => {
    const other = (at + 1) % entries.length
    const [one, two] = [entries[at]!, entries[other]!]
    return entries.with(at, { ...one, payload: two.payload }).with(other, { ...two, payload: one.payload })
  },
  'a truncation': (entries, at) => entries.slice(0, at),
}

const MANY = [0, 1, 2, 50, 98, 99, 100, 101, 499, 500, 501, 750, 998, 999]
const EVERY = ['an edit', 'a deletion', 'an insertion', 'a swap', 'a truncation']

test.each(Object.entries(changes))('%s is found wherever it is made', async (name, change) => {
  for (const at of EVERY.includes(name) ? log.entries.keys() : MANY)
    expect(await firstProblem({ ...log, entries: change(log.entries, at) }), `at ${at}`).toBeDefined()
})

test.each(['an edit', 'a deletion', 'an insertion'])(
  '%s after which everything is numbered and chained anew does not fit the checkpoints',
  async (name) => {
    for (const at of MANY) {
      const entries = chainAnew(changes[name]!(log.entries, at))
      expect(await firstProblem({ ...log, entries }), `at ${at}`).toBeDefined()
    }
  },
)

test('without an anchor a log that was cut with its checkpoints, or signed anew, is consistent; with one it is found', async () => {
  const [key, last] = [keys[0].publicKey.fingerprint, log.checkpoints.at(-1)!]
  for (const at of [100, 101, 500, 600, 999]) {
    const cut = {
      entries: log.entries.slice(0, at),
      checkpoints: log.checkpoints.slice(0, Math.floor(at / CHECKPOINT_EVERY)),
    }
    expect(await firstProblem(cut)).toBeUndefined()
    expect(await firstProblem(cut, { checkpoints: [last] })).toMatchObject({
      number: COUNT,
      problem: expect.stringContaining('cut off') as string,
    })
  }
  const others: [SigningKey, SigningKey] = [openSigningKey(newSigningKey()), openSigningKey(newSigningKey())]
  const anew = build(others)
  expect(await firstProblem(anew)).toBeUndefined()
  expect((await firstProblem(anew, { key }))!.problem).toContain('signed anew')
  for (const checkpoint of log.checkpoints)
    expect((await firstProblem(anew, { checkpoints: [checkpoint] }))!.problem).toContain('rewritten')
})

test('checkpoints that another key signed are found, each of them', async () => {
  const thief = openSigningKey(newSigningKey())
  const forged = sign(log.entries, [thief, thief])
  for (const [at, checkpoint] of log.checkpoints.entries()) {
    expect(
      (await firstProblem({ ...log, checkpoints: log.checkpoints.with(at, forged[at]!) }))!.problem,
    ).toContain('names the key')
    const renamed = { body: checkpoint.body, signature: forged[at]!.signature }
    expect(
      (await firstProblem({ ...log, checkpoints: log.checkpoints.with(at, renamed) }))!.problem,
    ).toContain('wrong signature')
    if (at < 9)
      expect(await firstProblem({ ...log, checkpoints: log.checkpoints.toSpliced(at, 1) })).toBeDefined()
  }
})

test('nobody can lead a line of keys to or from a key that did not agree', async () => {
  const thief = openSigningKey(newSigningKey())
  for (const details of [
    { ...keyRotation(thief, keys[1]), from: keys[0].publicKey.fingerprint },
    { ...keyRotation(keys[0], thief), newSignature: '' },
    keyCreation(thief.publicKey),
  ]) {
    const entries = [
      ...log.entries.slice(0, 10).map(({ payload }) => parseRecord(payload)!),
      record(11, 'key' in details && 'from' in details ? 'key_rotated' : 'key_created', details),
    ]
    const chained: ChainedEntry[] = []
    for (const one of entries) chained.push(chainEntry(chained.at(-1)?.hash ?? NO_ENTRY, one))
    expect(await firstProblem({ entries: chained, checkpoints: [] })).toEqual({
      number: 11,
      problem: 'announces a key that the key before it did not sign',
    })
  }
})

test('an anchor proves the log up to it, and no further', async () => {
  const [first, second] = keys.map(({ publicKey }) => publicKey.fingerprint)
  expect((await verifyLog(log, { key: first! })).anchored.byKey).toBe(COUNT)
  expect((await verifyLog(log, { key: second! })).anchored.byKey).toBe(COUNT)
  const report = await verifyLog(log, { checkpoints: [log.checkpoints[4]!] })
  expect(report).toMatchObject({ anchored: { byCheckpoint: 500, byKey: 0 }, problems: [] })
  expect(explainReport(report, { checkpoints: [log.checkpoints[4]!] })).toEqual({
    proved: [
      expect.stringContaining('Entries 1 to 1000 are consistent'),
      expect.stringContaining('Entries 1 to 1000 are covered by 10 signed checkpoints'),
      'Entries 1 to 500 are what they were when the saved checkpoint was made.',
    ],
    open: [
      expect.stringContaining('after 500 anew'),
      expect.stringContaining('That no entries after 1000 were cut off'),
    ],
  })
})

test('a key proves who signed, and not that its owner left the log alone', async () => {
  const key = keys[0].publicKey.fingerprint
  const signed = `Entries 1 to 1000 are signed with the key ${key}, or with one that it led to.`
  const { proved, open } = explainReport(await verifyLog(log, { key }), { key })
  expect(proved).toContain(signed)
  expect(open[0]).toContain('whoever has the whole database has that key')
  const both = { key, checkpoints: [log.checkpoints[4]!] }
  expect(explainReport(await verifyLog(log, both), both).proved.slice(2)).toEqual([
    signed,
    'Entries 1 to 500 are what they were when the saved checkpoint was made.',
  ])
})
