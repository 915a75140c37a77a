import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { appendCustody, programActor, sequenceCustody } from '@mediakeep/custody'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'

let place: Installation
beforeAll(async () => {
  place = await install()
})
afterAll(() => place.remove())

async function append(name: string): Promise<void> {
  await appendCustody(place.db, programActor(), [{ kind: 'fetched', subject: `media:${name}` }])
}

test('verify says what is proved, a saved checkpoint proves more, and a cut log is found with it alone', async () => {
  await append('a')
  const saved = join(place.home, 'checkpoint.json')
  const made = await place.run('custody', 'checkpoint')
  expect(made.code).toBe(0)
  await writeFile(saved, made.stdout)
  const without = await place.run('custody', 'verify')
  expect(without.code).toBe(0)
  expect(without.stdout).toMatch(/^Proved: Entries 1 to 2 are consistent/)
  expect(without.stdout).toContain('not provable without an anchor')
  const withIt = await place.run('custody', 'verify', '--checkpoint', saved)
  expect(withIt.code).toBe(0)
  expect(withIt.stdout).toContain('Entries 1 to 2 are what they were when the saved checkpoint was made.')
  const { stdout: key } = await place.run('custody', 'rotate-key')
  await append('b')
  await sequenceCustody(place.db)
  const unsigned = await place.run('custody', 'verify', '--key', key.trim())
  expect(unsigned.code).toBe(1)
  expect(unsigned.stdout).toContain('no checkpoint is signed by the key')
  await place.run('custody', 'checkpoint')
  expect((await place.run('custody', 'verify', '--key', key.trim())).code).toBe(0)
  // Everything is removed that would show the cut.
  await place.db.transaction(async (sql) => {
    await sql.query('SET LOCAL session_replication_role = replica')
    await sql.query('DELETE FROM mediakeep.custody WHERE number > 1')
    await sql.query('DELETE FROM mediakeep.custody_checkpoints')
    await sql.query('UPDATE mediakeep.custody_head SET last_number = 1')
  })
  expect((await place.run('custody', 'verify')).code).toBe(0)
  const cut = await place.run('custody', 'verify', '--json', '--checkpoint', saved)
  expect(cut.code).toBe(1)
  expect(JSON.parse(cut.stdout)).toMatchObject({
    problems: [{ number: 2, problem: 'cut off: the saved checkpoint covers 2 entries, and the log has 1' }],
  })
})

test.each([
  [['--key', 'abc'], 'It must have 64 hex digits.'],
  [['--checkpoint', 'package.json'], 'Cannot read the checkpoint package.json'],
])('a wrong anchor is refused: %j', async (args, message) => {
  const { code, stderr } = await place.run('custody', 'verify', ...args)
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
})

test('verify --media prints what happened to one item, and what of it is signed', async () => {
  const place = await install()
  onTestFinished(() => place.remove())
  const append = (details = {}): Promise<void> =>
    appendCustody(place.db, programActor(), [{ kind: 'fetched', subject: 'media:med-1', details }])
  await place.db.query(
    `INSERT INTO public.posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'urn:1', 0)`,
  )
  await place.db.query(
    `INSERT INTO public.post_media (media_id, post_id, media_type, media_url)
     VALUES ('med-1', 'p-1', 'image', 'https://a.example/1')`,
  )
  await append()
  await append({ sha256: 'ab' })
  await place.run('custody', 'checkpoint')
  await append()
  const { code, stdout } = await place.run('custody', 'verify', '--media', 'med-1')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^\d+ {2}\d{4}-.*Z {2}fetched\n\d+ .*Z {2}fetched {2}\{"sha256":"ab"\}\nProved: 2 entries unchanged since signed with the key/,
  )
  expect(stdout).toContain('Open:   1 entry without a number yet.')
  const unknown = await place.run('custody', 'verify', '--media', 'med-2')
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    expect.stringContaining('There is no media item med-2.'),
  ])
  const both = await place.run('custody', 'verify', '--media', 'med-1', '--key', 'a'.repeat(64))
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('cannot be used with')])
})
