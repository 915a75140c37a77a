import { afterAll, describe } from 'vitest'
import { archiveContract } from './contract.fixture.ts'
import { cephTarget, s3Harness, startFake } from './s3-harness.fixture.ts'

const fake = await startFake()
afterAll(() => fake.stop())

archiveContract('The S3 archive on fauxqs', () => s3Harness(fake))
archiveContract('The S3 archive on fauxqs with checksums', () =>
  s3Harness(fake, { checksums: 'WHEN_SUPPORTED' }),
)

const ceph = cephTarget()
describe.skipIf(!ceph)('on Ceph', () => {
  archiveContract('The S3 archive on Ceph', () => s3Harness(ceph!))
  archiveContract('The S3 archive on Ceph with checksums', () =>
    s3Harness(ceph!, { checksums: 'WHEN_SUPPORTED' }),
  )
})
