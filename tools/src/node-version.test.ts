import { expect, test } from 'vitest'
import { nodeProblem } from '../bin/node-version.js'

test.each(['18.20.8', '20.20.2', '22.17.1'])(
  'Node %s is refused, with the version that is needed',
  (version) => {
    expect(nodeProblem(version)).toContain(`need Node 22.18.0 or newer, and this is Node ${version}`)
  },
)

test.each(['22.18.0', '24.21.0'])('Node %s is accepted', (version) => {
  expect(nodeProblem(version)).toBeUndefined()
})
