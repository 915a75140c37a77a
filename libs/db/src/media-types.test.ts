import { MEDIA_TYPES } from '@mediakeep/plugin-api'
import { expect, test } from 'vitest'
import { contract } from './contract.ts'

const WITH_MEDIA_TYPES = [
  'analysers_media_types_check',
  'analyses_media_type_check',
  'contents_media_type_check',
]

test('the checks of the database list the kinds of media that the code knows', () => {
  const checks = contract.tables
    .flatMap(({ constraints }) => Object.entries(constraints ?? {}))
    .filter(([, definition]) => definition.includes("'document'"))
  expect(checks.map(([name]) => name).sort()).toEqual(WITH_MEDIA_TYPES)
  for (const [name, definition] of checks) {
    const listed = [...definition.matchAll(/'([^']+)'::text(?!\[)/g)].map(([, type]) => type)
    expect(listed, name).toEqual([...MEDIA_TYPES])
  }
})
