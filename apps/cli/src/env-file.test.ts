import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import { startRefusingStore } from './refusing-store.fixture.ts'

let place: Installation
beforeEach(async () => {
  place = await install()
})
afterEach(() => place.remove())

test(
  'AWS variables of an .env file sign the requests, and the environment wins over them',
  { timeout: 60_000 },
  async () => {
    const signed: string[] = []
    const store = await startRefusingStore(({ headers }) => {
      signed.push(/Credential=([^,]*)/.exec(headers.authorization ?? '')?.[1] ?? 'unsigned')
      return { status: 403, code: 'AccessDenied' }
    })
    const file = {
      ...store.env,
      AWS_ACCESS_KEY_ID: 'file-key',
      AWS_SECRET_ACCESS_KEY: 'file-secret',
      AWS_REGION: 'eu-west-3',
    }
    const lines = Object.entries(file).map(([name, value]) => `${name}=${value}`)
    await writeFile(join(place.home, '.env'), lines.join('\n'))
    // No other source may provide credentials.
    const unset = Object.fromEntries(Object.keys(process.env).map((name) => [name, process.env[name]]))
    for (const name of Object.keys(unset)) if (name.startsWith('AWS_')) unset[name] = undefined
    const env = { ...unset, AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null' }
    try {
      expect(await place.runWith(env, 'import', await place.samplePosts())).toMatchObject({ code: 1 })
      expect(new Set(signed.map((scope) => scope.replace(/\/\d{8}\//, ' ')))).toEqual(
        new Set(['file-key eu-west-3/s3/aws4_request']),
      )
      signed.length = 0
      const own = { ...env, AWS_ACCESS_KEY_ID: 'own-key', AWS_SECRET_ACCESS_KEY: 'own-secret' }
      expect(await place.runWith(own, 'archive', 'run', '--limit', '1')).toMatchObject({ code: 1 })
      expect(new Set(signed.map((scope) => scope.replace(/\/\d{8}\//, ' ')))).toEqual(
        new Set(['own-key eu-west-3/s3/aws4_request']),
      )
    } finally {
      await store.close()
    }
  },
)
