import { hash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildZip } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'

let place: Installation
beforeAll(async () => {
  place = await install()
})
afterAll(() => place.remove())

const sample = (name: string): Promise<Buffer> =>
  readFile(join(import.meta.dirname, '../../../sample/media', name))

/** One second of silence. */
function wav(): Buffer {
  const rate = 8000
  const header = Buffer.alloc(44)
  header.write('RIFF')
  header.writeUInt32LE(36 + rate, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(rate, 24)
  header.writeUInt32LE(rate, 28)
  header.writeUInt16LE(1, 32)
  header.writeUInt16LE(8, 34)
  header.write('data', 36)
  header.writeUInt32LE(rate, 40)
  return Buffer.concat([header, Buffer.alloc(rate, 128)])
}

/** A chat as Telegram exports it, with its files. */
async function chat(): Promise<Buffer> {
  const message = (id: number, media: object) => ({
    id,
    type: 'message',
    date: '2026-05-01T12:00:00',
    date_unixtime: String(1_777_636_800 + id),
    from: 'Ada',
    from_id: 'user1',
    text: `message ${id}`,
    ...media,
  })
  const messages = [
    message(1, { photo: 'photos/photo_1.jpg', width: 1, height: 1 }),
    message(2, { file: 'files/report.pdf', mime_type: 'application/pdf' }),
    message(3, { file: 'video_files/clip.mp4', media_type: 'video_file', mime_type: 'video/mp4' }),
    message(4, { file: 'voice_messages/audio_1.wav', media_type: 'voice_message', mime_type: 'audio/wav' }),
  ]
  return buildZip([
    {
      name: 'chat/result.json',
      bytes: JSON.stringify({ name: 'Ada', type: 'personal_chat', id: 7, messages }),
    },
    { name: 'chat/photos/photo_1.jpg', bytes: await sample('harbour.jpg') },
    { name: 'chat/files/report.pdf', bytes: await sample('report.pdf') },
    { name: 'chat/video_files/clip.mp4', bytes: await sample('clip.mp4') },
    { name: 'chat/voice_messages/audio_1.wav', bytes: wav() },
  ])
}

test('the files of an archive are stored, inspected and archived like downloads, without a network', async () => {
  const path = join(place.home, 'chat.zip')
  await writeFile(path, await chat())
  const { code, stdout, stderr } = await place.run('import', path)
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) as string })
  expect(stdout).toMatch(/^media {2}found {2}fetched.*\n +4 +4 /m)
  const { rows } = await place.db.query<{ fate: string; type: string; path: string; archived: boolean }>(
    `SELECT m.fate, m.media_type AS type, m.local_file_path AS path, c.archive_url IS NOT NULL AS archived
     FROM post_media m JOIN mediakeep.contents c USING (sha256_sum) WHERE c.inspected_at IS NOT NULL ORDER BY 2`,
  )
  expect(rows.map(({ fate, type, archived }) => [fate, type, archived])).toEqual([
    ['fetched', 'audio', true],
    ['fetched', 'document', true],
    ['fetched', 'image', true],
    ['fetched', 'video', true],
  ])
  expect(rows.map((row) => row.path.split('/')[0])).toEqual(['audio', 'documents', 'images', 'videos'])
  const cached = await place.files('cache')
  expect(cached.filter((file) => /^(?:audio|documents|images|videos)\//.test(file))).toEqual(
    rows.map((row) => row.path),
  )
  const listed = await place.run('list', '--json', '--type', 'document')
  expect(JSON.parse(listed.stdout)).toMatchObject([
    {
      sourceFile: {
        member: 'chat/files/report.pdf',
        container: 'chat.zip',
        path,
        sha256: hash('sha256', await readFile(path)),
        readAt: expect.any(String) as string,
      },
    },
  ])
  expect((await place.run('list')).stdout).toContain('chat/files/report.pdf in chat.zip (SHA-256 ')
})
