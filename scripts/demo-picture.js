// Draws docs/demo.svg from a real run of the demo: what it prints, and what it answers when asked.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const url = 'http://127.0.0.1:4000'
const query =
  '{ mediaItems(first: 1, filter: { search: "graviton" }) { nodes { md5Sum sha256Sum archiveUrl } } }'

/** Of the picture, in characters and pixels. */
const columns = 104
const lineHeight = 20
const width = 884

const home = mkdtempSync(join(tmpdir(), 'mediakeep-demo-picture-'))
try {
  const { printed, answer } = await runDemo()
  const picture = draw([
    { text: '$ npm run demo', isTyped: true },
    ...printed.map((text) => ({ text })),
    { text: '' },
    { text: `$ curl ${url}/graphql -H 'content-type: application/json' \\`, isTyped: true },
    { text: `    -d '${JSON.stringify({ query })}'`, isTyped: true },
    ...answer.map((text) => ({ text })),
  ])
  writeFileSync(join(root, 'docs', 'demo.svg'), picture)
} finally {
  rmSync(home, { recursive: true, force: true })
}

/** @returns the lines of its summary, and its answer */
async function runDemo() {
  const env = { ...process.env, MEDIAKEEP_HOME: home, PORT: '4000' }
  const demo = spawn(process.execPath, [join(root, 'apps', 'cli', 'bin', 'mediakeep.js'), 'demo'], { env })
  try {
    const said = await new Promise((resolve, reject) => {
      let text = ''
      const hear = (chunk) => {
        text += chunk
        if (text.includes('Ctrl-C stops it')) resolve(text)
      }
      demo.stdout.on('data', hear)
      demo.stderr.on('data', hear)
      demo.once('exit', () => reject(new Error(text)))
    })
    // The picture shows a request and its answer instead of the hints.
    const lines = said
      .slice(0, said.indexOf('Look at it in a browser:'))
      .trimEnd()
      .replaceAll(home, '.mediakeep')
      .split('\n')
    return { printed: lines, answer: await ask() }
  } finally {
    const ended = new Promise((resolve) => demo.once('exit', resolve))
    demo.kill()
    await ended
  }
}

async function ask() {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return (await response.text()).replaceAll(/,(?="(?:sha256Sum|archiveUrl)")/g, ',\n ').split('\n')
}

function draw(lines) {
  const rows = lines.flatMap(({ text, isTyped }) => wrap(text).map((part) => ({ text: part, isTyped })))
  const height = rows.length * lineHeight + 54
  const texts = rows.map(({ text, isTyped }, n) => {
    const fill = isTyped ? ' fill="#8fd3a8"' : ''
    return `  <text x="20" y="${54 + n * lineHeight}" xml:space="preserve"${fill}>${escape(text)}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, Menlo, 'DejaVu Sans Mono', monospace" font-size="13.5">
  <rect width="${width}" height="${height}" rx="10" fill="#16232b"/>
  <circle cx="24" cy="20" r="6" fill="#e06c60"/><circle cx="44" cy="20" r="6" fill="#e2b34f"/><circle cx="64" cy="20" r="6" fill="#6cbf78"/>
  <g fill="#dfe7ea">
${texts.join('\n')}
  </g>
</svg>
`
}

/** As a terminal does. */
function wrap(text) {
  const parts = []
  for (let at = 0; at === 0 || at < text.length; at += columns) parts.push(text.slice(at, at + columns))
  return parts
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
