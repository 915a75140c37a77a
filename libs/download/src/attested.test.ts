import { hash } from 'node:crypto'
import { expect, test } from 'vitest'
import { png } from './origin.fixture.ts'
import { addMedia, forever, mediaRow, useDatabase, useOrigin, useStage } from './world.fixture.ts'

const database = useDatabase()

test.each([
  ['md5', true],
  ['md5', false],
  ['sha256', true],
  ['sha256', false],
] as const)('bytes are compared with the %s that the source states: %s', async (algorithm, matches) => {
  const origin = await useOrigin(() => ({ body: png('one') }))
  const value = hash(algorithm, matches ? png('one') : 'other bytes')
  const set = { attested_algorithm: algorithm, attested_value: value }
  await addMedia(database(), [
    { id: 'med-1', url: origin.url('/a'), set },
    { id: 'med-2', url: origin.url('/b') },
  ])
  const stage = await useStage(database(), [origin])
  await stage.drain(forever())
  const details = async (id: string): Promise<unknown> => {
    const { ai_analysis_log: log } = await mediaRow(database(), id)
    return (log as { event: string; details: unknown }[]).find(({ event }) => event === 'media_downloaded')
      ?.details
  }
  expect(await mediaRow(database(), 'med-1')).toMatchObject({ fate: 'fetched', attested_matches: matches })
  expect(await details('med-1')).toMatchObject({ attested: { algorithm, value, matches } })
  expect(await mediaRow(database(), 'med-2')).toMatchObject({ fate: 'fetched', attested_matches: null })
  expect(await details('med-2')).not.toHaveProperty('attested')
})
