/** An error of the AWS SDK, Node, or the store. It also has the fields of the store's error document. */
export interface S3Failure {
  readonly name?: string
  /** Node's code for a socket or TLS error. */
  readonly code?: unknown
  readonly message?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string | undefined>> }
  readonly Region?: unknown
  readonly StorageClass?: unknown
}

/** The region of the bucket, if the answer names it. */
function bucketRegion({ $response, Region }: S3Failure): string | undefined {
  const header = $response?.headers?.['x-amz-bucket-region']
  return header ?? (typeof Region === 'string' ? Region : undefined)
}

const REGION_ERRORS = ['PermanentRedirect', 'TemporaryRedirect', 'AuthorizationHeaderMalformed']

/** Returns true if the bucket is in another region, or at another endpoint, than the request's. */
export function isWrongRegion(failure: S3Failure): boolean {
  const status = failure.$metadata?.httpStatusCode
  if (status !== undefined && status >= 300 && status < 400) return true
  if (failure.name !== undefined && REGION_ERRORS.includes(failure.name)) return true
  // HEAD has no body to explain it; AWS adds the region to this answer.
  return status === 400 && bucketRegion(failure) !== undefined
}

const BAD_KEYS: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch: 'AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID.',
  InvalidAccessKeyId: 'The store does not know AWS_ACCESS_KEY_ID.',
  ExpiredToken: 'The temporary credentials have expired: renew them, with AWS_SESSION_TOKEN.',
  InvalidToken: 'AWS_SESSION_TOKEN does not belong to AWS_ACCESS_KEY_ID.',
  TokenRefreshRequired: 'The temporary credentials must be renewed, with AWS_SESSION_TOKEN.',
  CredentialsProviderError:
    'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine a role.',
}

const UPLOAD =
  's3:PutObject; where a policy of the bucket demands encryption, set S3_SERVER_SIDE_ENCRYPTION; under KMS, grant ' +
  'kms:GenerateDataKey and kms:Decrypt too'

const PERMISSIONS = {
  // Without ListBucket, AWS answers 403 for missing objects.
  HEAD: 's3:GetObject, and s3:ListBucket on the bucket',
  'HEAD bucket': 's3:ListBucket',
  List: 's3:ListBucket',
  GET: 's3:GetObject, and s3:ListBucket on the bucket; under KMS, kms:Decrypt too',
  PUT: UPLOAD,
  'PUT part of': UPLOAD,
  Create: UPLOAD,
  Complete: UPLOAD,
  DELETE: 's3:DeleteObject',
  Abort: 's3:AbortMultipartUpload',
  'List uploads of': 's3:ListBucketMultipartUploads on the bucket',
} as const

/** Name of a request in messages. */
export type S3Action = keyof typeof PERMISSIONS

/** How to fix a request that the store refused; empty if there is nothing to add. */
export function adviceFor(code: string, failure: S3Failure, action: S3Action): string {
  switch (code) {
    case 'denied':
      return BAD_KEYS[failure.name ?? ''] ?? `The credentials may lack a permission: ${PERMISSIONS[action]}.`
    case 'bucket_missing':
      return 'There is no such bucket at this endpoint: check S3_BUCKET, S3_ENDPOINT and AWS_REGION.'
    case 'cold': {
      const storageClass = typeof failure.StorageClass === 'string' ? ` ${failure.StorageClass}` : ''
      return `The object is in the cold storage class${storageClass}. Restore it at the store first (s3:RestoreObject), and exempt this bucket from such lifecycle rules.`
    }
    case 'misconfigured':
      return misconfiguration(failure)
    default:
      return ''
  }
}

function misconfiguration(failure: S3Failure): string {
  if (isWrongRegion(failure)) {
    const region = bucketRegion(failure)
    return region === undefined
      ? 'The bucket must be asked in another region or at another endpoint: set AWS_REGION or S3_ENDPOINT.'
      : `The bucket is in region ${region}: set AWS_REGION=${region}, and S3_ENDPOINT, if it is set, to that region's.`
  }
  if (isRegionMissing(failure)) return "Set AWS_REGION to the bucket's region."
  if (isUntrusted(failure))
    return "The endpoint's TLS certificate is not trusted: name its authority in NODE_EXTRA_CA_CERTS (a PEM file)."
  return 'Check S3_SERVER_SIDE_ENCRYPTION and S3_SSE_KMS_KEY_ID.'
}

export function isRegionMissing({ message }: S3Failure): boolean {
  return message === 'Region is missing'
}

const UNTRUSTED: ReadonlySet<unknown> = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
])

export function isUntrusted({ code }: S3Failure): boolean {
  return UNTRUSTED.has(code)
}
