import { defineConfig } from 'vitest/config'
import { tests, testsWithDatabase } from '../../vitest.shared.js'

/** Files that measure time or expect a reaction within seconds. They run one after the other, when the others are done. */
const timed = ['demo', 'drain', 'hanging-database', 'kill', 'kill-server', 'stop-signal'].map(
  (name) => `src/${name}.test.ts`,
)

/** Most tests wait for processes they started and leave a core idle, so the others run a file per core. */
export default defineConfig({
  test: {
    ...testsWithDatabase,
    projects: [
      {
        extends: false,
        test: { ...tests, name: 'cli', exclude: timed, maxWorkers: '100%', sequence: { groupOrder: 0 } },
      },
      {
        extends: false,
        test: { ...tests, name: 'timed', include: timed, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
