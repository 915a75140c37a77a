import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { createTestDatabase, makeTemplateOnce } from '@mediakeep/testing'
import { inject } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'

type State = 'imported' | 'analysed'

/**
 * Returns an installation with the sample in it. The command line imports and analyses it once per run; each caller gets
 * its own copy of that database and home folder.
 */
export async function installSample(state: State = 'imported'): Promise<Installation> {
  const template = `sample_${state}`
  await makeTemplateOnce(template, () => prepare(state, template))
  const place = await install(await createTestDatabase(template))
  await copyHome(homeOf(state), place.home)
  return place
}

async function prepare(state: State, template: string): Promise<void> {
  const isImport = state === 'imported'
  const place = isImport ? await install() : await installSample('imported')
  const { code, stderr } = await place.run(
    ...(isImport ? ['import', await place.samplePosts()] : ['analyze']),
  )
  // The sample has a post that is rejected, so its import ends with 1.
  if (code !== (isImport ? 1 : 0)) {
    await place.remove()
    throw new Error(`The sample could not be ${state}; exit code ${code}: ${stderr}`)
  }
  await copyHome(place.home, homeOf(state))
  await place.keepDatabaseAs(template)
}

const homeOf = (state: State): string => join(inject('sampleHomes'), state)

function copyHome(from: string, to: string): Promise<void> {
  return cp(from, to, { recursive: true, preserveTimestamps: true })
}
