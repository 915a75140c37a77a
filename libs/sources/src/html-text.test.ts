import { expect, test } from 'vitest'
import { htmlText, unescapeHtml } from './html-text.ts'

test('paragraphs, line breaks and links become text', () => {
  const html =
    '<p>One<br />two &amp; <a href="https://a.example/"><span class="invisible">https://</span><span>a.example</span></a></p>\n<p>Three &lt;3 &#39;x&#x27;</p>'
  expect(htmlText(html)).toBe("One\ntwo & https://a.example\n\nThree <3 'x'")
})

test('lists become lines, and only one layer of entities is replaced', () => {
  expect(htmlText('<ul><li>a</li><li>b</li></ul>')).toBe('a\nb')
  expect(unescapeHtml('&amp;lt; &#0; &#xD800; &#x1F30A; &unknown;')).toBe('&lt; &#0; &#xD800; 🌊 &unknown;')
})
