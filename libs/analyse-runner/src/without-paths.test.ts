import { homedir } from 'node:os'
import { expect, test } from 'vitest'
import { withoutPaths } from './without-paths.ts'

const FILE = '/srv/my media/cache/images/0cc175b9c0f1b6a831c399e269772661.jpg'

test.each([
  [
    `ENOENT: no such file, open '${FILE}'`,
    `ENOENT: no such file, open 'images/0cc175b9c0f1b6a831c399e269772661.jpg'`,
  ],
  ['EACCES, mkdir /srv/my media/cache/tmp/x', 'EACCES, mkdir …/tmp/x'],
  [`Cannot find module '${process.cwd()}/dist/a b.js'`, `Cannot find module '…/dist/a b.js'`],
  [`no plugin in ${homedir()}/plugins`, 'no plugin in …/plugins'],
  ['at run (file:///opt/mediakeep/libs/x.ts:12:5)', 'at run (…/x.ts:12:5)'],
  ['spawn /usr/bin/ffmpeg ENOENT', 'spawn …/ffmpeg ENOENT'],
  ['open C:\\Users\\anna\\cache\\x.jpg failed', 'open …/x.jpg failed'],
  ['open C:/Users/anna/x.jpg failed', 'open …/x.jpg failed'],
])('no path of this machine stands in %j', (text, shown) => {
  expect(withoutPaths(text, FILE)).toBe(shown)
})

test.each([
  'undecodable: VipsJpeg: premature end of JPEG image',
  'unavailable: https://models.example/v1/chat/completions answered 503',
  'no_picture: There are no pictures of image/svg+xml and/or text/html',
  'pixel_bomb: 30000 x 30000 pixels are more than 100000000',
  'timeout: it took more than 700 ms (1/2, 3/4/5)',
])('%j stays as it is', (text) => {
  expect(withoutPaths(text, FILE)).toBe(text)
})
