import type { Author, Place } from '@mediakeep/plugin-api'
import { exportText } from '../meta/export-files.ts'
import { objectsIn, valueAt } from '../objects.ts'

/** Returns the account whose archive this is. Its labels are in English only in archives of English accounts. */
export function readAuthor({ facts }: Place): Author | undefined {
  const file = facts['**/personal_information.json']
  const [profile] = objectsIn(valueAt(file, 'profile_user'), '')
  const values = valueAt(profile?.[0], 'string_map_data')
  const username = exportText(valueAt(values, 'Username', 'value'))
  const displayName = exportText(valueAt(values, 'Name', 'value'))
  if (username === undefined) return displayName === undefined ? undefined : { displayName }
  return { username, displayName, profileUrl: `https://www.instagram.com/${username}/` }
}
