import type { Author, Place } from '@mediakeep/plugin-api'
import { textOf, urlOf } from '../fields.ts'
import { exportText } from '../meta/export-files.ts'
import { valueAt } from '../objects.ts'

/** Returns the account whose archive this is. */
export function readAuthor({ facts }: Place): Author | undefined {
  const file = facts['**/profile_information.json']
  const profile = valueAt(file, 'profile_v2') ?? valueAt(file, 'profile')
  const displayName =
    exportText(valueAt(profile, 'name', 'full_name')) ?? exportText(valueAt(profile, 'name'))
  const username = textOf(valueAt(profile, 'username'))
  if (displayName === undefined && username === undefined) return undefined
  return { username, displayName, profileUrl: urlOf(valueAt(profile, 'profile_uri')) }
}
