import { expect, test } from 'vitest'
import { conditionsOf } from './conditions.ts'
import { readFields, toView, writeFields } from './filters.ts'

test('what stands in the address is what is asked for, and back', () => {
  const search = 'q=red+harbour&type=image&archived=no&from=2026-01-05&to=2026-01-31&order=oldest'
  const fields = readFields(search)
  expect(writeFields(fields)).toBe(search)
  expect(toView(fields)).toEqual({
    filter: {
      search: 'red harbour',
      role: 'content',
      type: 'image',
      archived: false,
      postedAfter: '2026-01-05T00:00:00.000Z',
      postedBefore: '2026-02-01T00:00:00.000Z',
    },
    orderBy: { field: 'POSTED_AT', direction: 'ASC' },
  })
})

test('what the overview links to stands in the address too', () => {
  const search = 'role=all&cached=no&inspected=yes&expires=24&stage=analyse&analyser=ocr%402&reason=HTTP+404'
  const fields = readFields(search)
  expect(writeFields(fields)).toBe(search)
  expect(toView(fields).filter).toEqual({
    cached: false,
    inspected: true,
    expiresWithinHours: 24,
    failure: { stage: 'analyse', analyser: 'ocr@2', reason: 'HTTP 404' },
  })
})

test('nonsense in the address is no condition', () => {
  const fields = readFields('type=sculpture&from=soon&order=upwards&archived=maybe')
  expect(toView(fields)).toEqual({
    filter: { role: 'content' },
    orderBy: { field: 'POSTED_AT', direction: 'DESC' },
  })
  expect(writeFields(fields)).toBe('')
})

test('each condition is said in words, and is gone without its fields', () => {
  const search =
    'q=harbour&role=avatar&type=image&status=failed&fate=gone&archived=no&cached=yes&inspected=no&expires=24' +
    '&stage=analyse&analyser=ocr%402&author=mara&platform=linkedin&from=2026-01-05&to=2026-01-31'
  let fields = readFields(search)
  expect(conditionsOf(fields).map(({ words }) => words)).toEqual([
    'avatars',
    'images',
    'analysis failed',
    'gone from its server',
    'not archived',
    'in the cache',
    'not inspected',
    'address ends within 24 hours',
    'could not be analysed by ocr@2: no reason known',
    'by mara',
    'on linkedin',
    'posted from 2026-01-05',
    'posted to 2026-01-31',
  ])
  for (const { without } of conditionsOf(fields)) fields = { ...fields, ...without }
  expect(writeFields(fields)).toBe('q=harbour')
})
