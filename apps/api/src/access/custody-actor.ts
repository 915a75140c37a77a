import type { Viewer } from '@mediakeep/access'
import type { CustodyActor } from '@mediakeep/custody'

/**
 * The viewer as the custody log names them. The id of a token is random; a subject of an identity provider may be an
 * e-mail address, so it stays outside the chain.
 */
export function custodyActor({ id, name }: Viewer): CustodyActor {
  return id.startsWith('tok-')
    ? { token: id, name }
    : { token: 'identity_provider', name: id === name ? name : `${name} (${id})` }
}
