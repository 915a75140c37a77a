import { readFileSync } from 'node:fs'

/** Who did it: a program, or the owner of an API token. */
export type CustodyActor =
  { readonly process: string; readonly version: string } | { readonly token: string; readonly name?: string }

let program: CustodyActor | undefined

/** This program, for what it does on its own. */
export function programActor(): CustodyActor {
  program ??= { process: 'mediakeep', version: readVersion() }
  return program
}

/** The actor as statements take it. Its name is not in it: people name tokens after themselves. */
export function actorJson(actor: CustodyActor = programActor()): string {
  return JSON.stringify('token' in actor ? { token: actor.token } : actor)
}

/** The name to keep beside the chain. */
export function actorName(actor: CustodyActor): string | undefined {
  return 'token' in actor ? actor.name : undefined
}

function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
