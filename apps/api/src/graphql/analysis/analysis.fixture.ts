import { configureAnalysers } from '@mediakeep/analysis'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { seed, startTestApi, type TestApi } from '../../api.fixture.ts'

export interface Lease {
  readonly id: string
  readonly token: string
  readonly [field: string]: unknown
}

/** Payload of a mutation that ends analyses. */
export interface Results {
  readonly results: { readonly __typename: string; readonly [field: string]: unknown }[]
}

export const ENDED =
  'results { __typename ... on EndedAnalysis { id outcome } ... on Error { code message } }'

/** Returns the fields that identify a lease in an input. */
export const key = ({ id, token }: Lease): { id: string; token: string } => ({ id, token })

/** A server with seven contents that wait for `colours@1` and `ocr@2`. */
export interface Workshop {
  readonly db: TestDatabase
  readonly api: TestApi
  /** Runs a mutation by name; an expected failure is returned as `{ __typename, message, code }`. */
  mutate<Payload>(name: string, input: object, fields: string): Promise<Payload>
  claim(input: object, fields?: string): Promise<Lease[]>
  close(): Promise<void>
}

export async function openWorkshop(): Promise<Workshop> {
  const db = await createTestDatabase()
  await seed(db, 4, 4)
  await db.query('UPDATE mediakeep.contents SET inspected_at = now()')
  await configureAnalysers(db, [
    { name: 'colours', version: '1', mediaTypes: ['image'] },
    { name: 'ocr', version: '2', mediaTypes: ['image'] },
  ])
  const api = await startTestApi(db)
  const mutate = async <Payload>(name: string, input: object, fields: string): Promise<Payload> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
    const data = await api.ask<Record<string, Payload>>(
      `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Payload { ${fields} }
       ... on Error { message code } } }`,
      { input },
    )
    return data[name]!
  }
  return {
    db,
    api,
    mutate,
    claim: async (input, fields = '') =>
      (await mutate<{ leases: Lease[] }>('claimAnalysis', input, `leases { id token ${fields} }`)).leases,
    async close() {
      await api.close()
      await db.drop()
    },
  }
}
