import type { JsonObject } from '@mediakeep/plugin-api'
import { expect, test } from 'vitest'
import { readIdentity } from './identity.ts'

const ACTIVITY = '7392508631268835328'
const post = (changes: JsonObject): JsonObject => ({
  urn: { activity_urn: ACTIVITY, share_urn: '7392508630111111111', ugcPost_urn: null },
  ...changes,
})

test.each([
  ['share', `urn:li:share:7392508630111111111`],
  ['activity', `urn:li:activity:${ACTIVITY}`],
])('its full_urn of a %s is its urn', (_kind, full_urn) => {
  expect(readIdentity(post({ full_urn }))).toMatchObject({
    identity: ACTIVITY,
    urn: full_urn,
    fullUrn: full_urn,
    foreignUrns: [],
  })
})

test('a full_urn of another post is not its urn', () => {
  const full_urn = 'urn:li:ugcPost:7392508000000000000'
  const urn = `urn:li:activity:${ACTIVITY}`
  expect(readIdentity(post({ full_urn }))).toMatchObject({
    urn,
    fullUrn: urn,
    foreignUrns: [full_urn],
  })
})
