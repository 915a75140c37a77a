/** Variables that together say whose credentials are used: taken from one place only. */
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
 * Gives the AWS SDK, which reads the process's environment alone, the `AWS_…` variables of an `.env` file. What the
 * process has wins; when it has any credentials, none come from the file, so that no key meets another key's secret.
 */
export function shareAwsVariables(env: NodeJS.ProcessEnv, target: NodeJS.ProcessEnv = process.env): void {
  const hasCredentials = CREDENTIALS.some((name) => target[name])
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('AWS_') || !value || target[name]) continue
    if (!(hasCredentials && CREDENTIALS.includes(name))) target[name] = value
  }
}
