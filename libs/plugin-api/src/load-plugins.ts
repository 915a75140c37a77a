import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { SourceFormat } from './source-format.ts'

/** What the named modules bring, in the order of their names. Each kind of plugin is a list of its own. */
export interface Plugins {
  readonly sourceFormats: readonly SourceFormat[]
}

/** A plugin module that cannot be loaded, or whose export is not what it should be. */
export class PluginError extends Error {
  override readonly name = 'PluginError'
  readonly code = 'invalid_plugin'
  /** As it was named in the configuration. */
  readonly module: string

  constructor(module: string, message: string, options?: ErrorOptions) {
    super(`Plugin ${module}: ${message}`, options)
    this.module = module
  }
}

const aFunction = z.custom<() => unknown>((value) => typeof value === 'function', 'must be a function')

const sourceFormatSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens'),
  platform: z.string().min(1),
  wrapperKeys: z.array(z.string()),
  recognises: aFunction,
  read: aFunction,
})

/**
 * Imports plugin modules and checks what they export as `sourceFormat`.
 *
 * @param modules package names, absolute paths, paths relative to the working folder (`./`), or file: URLs
 * @throws PluginError naming the module and everything that is wrong with it
 */
export async function loadPlugins(
  modules: readonly string[],
  importModule: (specifier: string) => Promise<unknown> = (specifier) => import(specifier),
): Promise<Plugins> {
  const sourceFormats: SourceFormat[] = []
  for (const module of new Set(modules)) {
    const exported = await importNamed(module, importModule)
    const { sourceFormat } = exported as { sourceFormat?: unknown }
    // Each further kind of plugin is one more named export, checked and listed like this one.
    if (sourceFormat === undefined) throw new PluginError(module, 'it has no export named `sourceFormat`')
    const format = checkSourceFormat(module, sourceFormat)
    const known = sourceFormats.find(({ name }) => name === format.name)
    if (known) throw new PluginError(module, `another plugin is named \`${format.name}\` already`)
    sourceFormats.push(format)
  }
  return { sourceFormats }
}

async function importNamed(
  module: string,
  importModule: (specifier: string) => Promise<unknown>,
): Promise<unknown> {
  const isPath = isAbsolute(module) || module.startsWith('./') || module.startsWith('../')
  try {
    return await importModule(isPath ? pathToFileURL(resolve(module)).href : module)
  } catch (error) {
    throw new PluginError(module, `it cannot be imported: ${String(error)}`, { cause: error })
  }
}

/** Returns the object itself, not zod's copy: its methods may stand on a prototype and use `this`. */
function checkSourceFormat(module: string, exported: unknown): SourceFormat {
  const result = sourceFormatSchema.safeParse(exported)
  if (result.success) return exported as SourceFormat
  const problems = result.error.issues.map(
    (issue) => `${['sourceFormat', ...issue.path].join('.')}: ${issue.message}`,
  )
  throw new PluginError(module, problems.join('; '))
}
