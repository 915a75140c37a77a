import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const BIN = join(import.meta.dirname, '../bin/mediakeep-schema.js')

/** Runs the command with `process.versions.node` replaced before its first line. */
function runOn(version: string): { status: number | null; stderr: string } {
  const versions = `{ value: { ...process.versions, node: '${version}' } }`
  const preload = `data:text/javascript,Object.defineProperty(process, 'versions', ${versions})`
  return spawnSync(process.execPath, ['--import', preload, BIN], { encoding: 'utf8' })
}

test.each(['18.20.8', '20.20.2', '22.17.1'])(
  'Node %s is refused before any TypeScript is loaded, with the version that is needed',
  (version) => {
    const { status, stderr } = runOn(version)
    expect(stderr).toContain(`need Node 22.18.0 or newer, and this is Node ${version}`)
    expect(stderr).not.toContain('Unknown file extension')
    expect(status).toBe(2)
  },
)

test.each(['22.18.0', '24.21.0'])('Node %s is accepted', (version) => {
  const { stderr } = runOn(version)
  expect(stderr).toContain('mediakeep-schema migrate --database <module>')
  expect(stderr).not.toContain('or newer')
})
