import { createClient, type MediakeepClient } from '@mediakeep/client'

/**
 * Creates a client of the server that served this console.
 *
 * @param onUnauthorized called only once, so that a user who does not sign in is not asked with each request
 */
export function openClient(
  token: string | undefined,
  onUnauthorized: (message: string | undefined) => void = () => undefined,
): MediakeepClient {
  let isReported = false
  return createClient({
    url: new URL('/graphql', location.href).href,
    token: () => token,
    usePersistedOperations: import.meta.env.PROD,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      if (response.status === 401 && !isReported) {
        isReported = true
        onUnauthorized(await messageIn(response.clone()))
      }
      return response
    },
  })
}

async function messageIn(response: Response): Promise<string | undefined> {
  try {
    const { errors } = (await response.json()) as { errors?: readonly { readonly message?: string }[] }
    return errors?.[0]?.message
  } catch {
    return undefined
  }
}
