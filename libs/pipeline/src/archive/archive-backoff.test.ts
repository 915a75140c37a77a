import { afterAll, beforeAll, expect, test } from 'vitest'
import { openKeeping, type Keeping } from '../keeping.fixture.ts'
import { archiveAll, seed } from '../seed.fixture.ts'

let keeping: Keeping
beforeAll(async () => {
  keeping = await openKeeping('file')
})
afterAll(() => keeping.close())

test('the pauses between the attempts at an upload double, up to an hour', async () => {
  const { content, key } = await seed(keeping)
  await keeping.putPlain(key, Buffer.from('bytes of another'))
  const pauses: number[] = []
  for (let attempt = 1; attempt <= 10; attempt++) {
    await archiveAll(keeping)
    const waiting = await keeping.db.query<{ seconds: number; attempts: number }>(
      `SELECT extract(epoch FROM archive_not_before - now())::float8 AS seconds, archive_attempts AS attempts
       FROM mediakeep.contents WHERE sha256_sum = $1`,
      [content.sha256],
    )
    expect(waiting.rows[0]!.attempts).toBe(attempt)
    pauses.push(waiting.rows[0]!.seconds)
    await keeping.db.query('UPDATE mediakeep.contents SET archive_not_before = now()')
  }
  // Part of each pause has passed before it is measured.
  const [planned, slack] = [[15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600], 10]
  for (const [n, seconds] of planned.entries()) {
    expect(pauses[n]).toBeGreaterThan(seconds - slack)
    expect(pauses[n]).toBeLessThanOrEqual(seconds)
  }
})
