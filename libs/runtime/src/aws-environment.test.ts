import { expect, test } from 'vitest'
import { shareAwsVariables } from './aws-environment.ts'

const FILE = {
  AWS_ACCESS_KEY_ID: 'file-key',
  AWS_SECRET_ACCESS_KEY: 'file-secret',
  AWS_SESSION_TOKEN: 'file-token',
  AWS_REGION: 'eu-west-3',
  AWS_CA_BUNDLE: '',
  S3_BUCKET: 'media',
}

function shared(environment: NodeJS.ProcessEnv, file: NodeJS.ProcessEnv = FILE): NodeJS.ProcessEnv {
  const target = { ...environment }
  shareAwsVariables({ ...file, ...environment }, target)
  return target
}

test('AWS variables of the file, and no others, reach the environment', () => {
  expect(shared({})).toEqual({
    AWS_ACCESS_KEY_ID: 'file-key',
    AWS_SECRET_ACCESS_KEY: 'file-secret',
    AWS_SESSION_TOKEN: 'file-token',
    AWS_REGION: 'eu-west-3',
  })
})

test('the environment wins, and its credentials never mix with those of the file', () => {
  expect(shared({ AWS_REGION: 'us-east-1' })).toMatchObject({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'file-key',
  })
  const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' }
  expect(shared(keys)).toEqual({ ...keys, AWS_REGION: 'eu-west-3' })
  expect(shared({ AWS_PROFILE: 'newsroom' })).toEqual({ AWS_PROFILE: 'newsroom', AWS_REGION: 'eu-west-3' })
  expect(shared({ AWS_ROLE_ARN: 'arn' }, { AWS_PROFILE: 'newsroom' })).toEqual({ AWS_ROLE_ARN: 'arn' })
})
