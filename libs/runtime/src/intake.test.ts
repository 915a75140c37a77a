import { readConfig } from '@mediakeep/config'
import { expect, test } from 'vitest'
import { unusedProxy } from './intake.ts'

test('a proxy of the environment that downloads do not use is named, without its value', () => {
  const env = { HTTP_PROXY: 'http://user:secret@proxy:3128', https_proxy: 'http://proxy:3128', NO_PROXY: '*' }
  const said = unusedProxy(env, readConfig({}))
  expect(said).toMatch(/^HTTP_PROXY, https_proxy is not used.*DOWNLOAD_PROXY/)
  expect(said).not.toContain('secret')
  expect(unusedProxy(env, readConfig({ DOWNLOAD_PROXY: 'http://proxy:3128' }))).toBeUndefined()
  expect(unusedProxy({ HTTP_PROXY: '' }, readConfig({}))).toBeUndefined()
})
