import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folders = globSync(
  ['libs/*/package.json', 'apps/*/package.json', '{bench,sample,tools}/package.json'],
  {
    cwd: root,
  },
).map(dirname)

test.each(folders)('%s has a README, and every path in it exists', (folder) => {
  const text = readFileSync(join(root, folder, 'README.md'), 'utf8')
  expect(text).toMatch(/^# .+\n\n\w/)
  const own = [...text.matchAll(/`(src(?:\/[\w-]+)*(?:\.\w+)*)`/g)].map(([, path]) => join(folder, path!))
  const others = [...text.matchAll(/(?<![\w/.])((?:libs|apps|docs)(?:\/[\w-]+)+(?:\.\w+)*)/g)].map(
    ([, path]) => path!,
  )
  expect([...own, ...others].filter((path) => !existsSync(join(root, path)))).toEqual([])
})
