/** Variables that together determine the credentials: taken from one source only. */
const CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
]

/**
 * Copies `AWS_…` variables from an `.env` file to the process's environment, the only one that the AWS SDK reads.
 * Existing variables win; if there are any credentials, none are copied, so that a key never meets another's secret.
 */
export function shareAwsVariables(env: NodeJS.ProcessEnv, target: NodeJS.ProcessEnv = process.env): void {
  const hasCredentials = CREDENTIALS.some((name) => target[name])
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('AWS_') || !value || target[name]) continue
    if (!(hasCredentials && CREDENTIALS.includes(name))) target[name] = value
  }
}
