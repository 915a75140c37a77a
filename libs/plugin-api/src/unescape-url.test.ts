import { expect, test } from 'vitest'
import { unescapeUrl } from './unescape-url.ts'

test.each([
  ['https://a.example/p.jpg?e=1&amp;v=beta&amp;t=x', 'https://a.example/p.jpg?e=1&v=beta&t=x'],
  ['https://a.example/p?e=1&#38;t=2&#x26;u=3&AMP;v=4', 'https://a.example/p?e=1&t=2&u=3&v=4'],
  ['https://a.example/p?e=1&amp;amp;t=2', 'https://a.example/p?e=1&t=2'],
  ['https://a.example/p?q=&quot;x&quot;&apos;&lt;&gt;', `https://a.example/p?q="x"'<>`],
  ['https://a.example/p?amp=1&lt=2&copy=3', 'https://a.example/p?amp=1&lt=2&copy=3'],
  [
    'https://a.example/p?a=1&#0;&#10;&#xd800;&#9999999;',
    'https://a.example/p?a=1&#0;&#10;&#xd800;&#9999999;',
  ],
])('%s', (url, expected) => {
  expect(unescapeUrl(url)).toBe(expected)
})
