import { expect, test } from 'vitest'
import { possibleActions, type ActionFacts } from './possible-actions.ts'

const now = Date.parse('2026-01-10T00:00:00Z')

const fetched: ActionFacts = {
  fate: 'fetched',
  url: '/media/med-1',
  localFilePath: 'media/ab/cd',
  archiveUrl: null,
  inspectedAt: '2026-01-01T00:00:00Z',
  urlExpiresAt: null,
}
const none: ActionFacts = {
  fate: 'failed',
  url: null,
  localFilePath: null,
  archiveUrl: null,
  inspectedAt: null,
  urlExpiresAt: null,
}

test.each<[string, ActionFacts, string[]]>([
  ['cached and not archived', fetched, ['reject', 'download', 'verify', 'analyse', 'archive']],
  [
    'cached and archived',
    { ...fetched, archiveUrl: 's3://a/b' },
    ['reject', 'download', 'verify', 'analyse'],
  ],
  [
    'archived alone',
    { ...fetched, archiveUrl: 's3://a/b', localFilePath: null },
    ['reject', 'download', 'verify', 'analyse', 'restore'],
  ],
  ['not inspected', { ...fetched, inspectedAt: null }, ['reject', 'download', 'verify']],
  ['waiting', { ...none, fate: 'waiting' }, []],
  ['failed', none, ['fetch']],
  ['gone', { ...none, fate: 'gone' }, ['fetch']],
  ['blocked', { ...none, fate: 'blocked' }, ['fetch']],
  ['failed, and its address is over', { ...none, urlExpiresAt: '2026-01-09T00:00:00Z' }, []],
  ['expired', { ...none, fate: 'expired', urlExpiresAt: '2026-01-09T00:00:00Z' }, []],
  ['rejected', { ...none, fate: 'rejected' }, ['unreject']],
  ['rejected, once archived', { ...none, fate: 'rejected', archiveUrl: 's3://a/b' }, ['unreject']],
])('offers what can succeed: %s', (_name, item, expected) =>
  expect([...possibleActions(item, now)]).toEqual(expected),
)
