import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { Analyser } from './analyser.ts'
import { MEDIA_TYPES } from './media-types.ts'
import { plainMessage } from './plain-message.ts'
import { FILE_ENCODINGS, type SourceFormat } from './source-format.ts'

/** An analyser and its module specifier for import(); child processes import the module again. */
export interface AnalyserPlugin {
  readonly module: string
  readonly analyser: Analyser
}

/** Plugins exported by the named modules, in the order of the names, with one list per kind. */
export interface Plugins {
  readonly sourceFormats: readonly SourceFormat[]
  readonly analysers: readonly AnalyserPlugin[]
}

/** A plugin module that cannot be loaded, or has an invalid export. */
export class PluginError extends Error {
  override readonly name = 'PluginError'
  readonly code = 'invalid_plugin'
  /** The name used in the configuration. */
  readonly module: string

  constructor(module: string, message: string, options?: ErrorOptions) {
    super(`Plugin ${module}: ${message}`, options)
    this.module = module
  }
}

const aFunction = z.custom<() => unknown>((value) => typeof value === 'function', 'must be a function')
const aName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens')
const aCount = z.number().int().positive()

const aPointer = z.string().regex(/^(?:\/[^/]*)*$/, 'must be a JSON pointer, such as /messages')

const fileRule = z
  .strictObject({
    path: z.string().min(1).optional(),
    encoding: z.enum(FILE_ENCODINGS).optional(),
    posts: aPointer.optional(),
    keep: z.array(aPointer).optional(),
    startsItem: aFunction.optional(),
    decode: aFunction.optional(),
  })
  .refine(
    ({ encoding, path, decode }) => encoding !== 'binary' || (path !== undefined && decode !== undefined),
    'needs `path` and `decode` for the encoding `binary`',
  )

const sourceFormatSchema = z.object({
  name: aName,
  platform: z.string().min(1),
  title: z.string().optional(),
  wrapperKeys: z.array(z.string()).optional(),
  files: z.array(fileRule).min(1).optional(),
  facts: z.array(fileRule).optional(),
  unwrap: aFunction.optional(),
  recognises: aFunction,
  read: aFunction,
})

const analyserSchema = z.object({
  name: aName,
  version: z.string().regex(/^[\w.+-]{1,64}$/, 'must be letters, digits, dots, hyphens, at most 64'),
  mediaTypes: z.array(z.enum(MEDIA_TYPES)).min(1),
  runsIn: z.enum(['child', 'host']).optional(),
  timeoutMs: aCount.optional(),
  maxMemoryBytes: aCount.optional(),
  concurrency: aCount.optional(),
  env: z.array(z.string()).optional(),
  dailyBudget: z
    .object({ tokens: z.number().positive().optional(), usd: z.number().positive().optional() })
    .optional(),
  analyse: aFunction,
})

/**
 * Imports plugin modules and checks what they export as `sourceFormat` or `analyser`.
 *
 * @param modules package names, absolute paths, paths relative to the working folder (`./`), or file: URLs
 * @param builtIn formats whose names plugins must not use
 * @throws PluginError naming the module and everything wrong with it
 */
export async function loadPlugins(
  modules: readonly string[],
  importModule: (specifier: string) => Promise<unknown> = (specifier) => import(specifier),
  builtIn: readonly Named[] = [],
): Promise<Plugins> {
  const sourceFormats: SourceFormat[] = []
  const analysers: AnalyserPlugin[] = []
  for (const module of new Set(modules)) {
    const specifier = toSpecifier(module)
    const { sourceFormat, analyser: exported } = await importNamed(module, specifier, importModule)
    if (sourceFormat === undefined && exported === undefined) {
      throw new PluginError(module, 'it has no export named `sourceFormat` or `analyser`')
    }
    // Keep the object itself, not zod's copy: its methods may be on a prototype and use `this`.
    if (sourceFormat !== undefined) {
      assertFits(module, 'sourceFormat', sourceFormat, sourceFormatSchema)
      const format = sourceFormat as SourceFormat
      assertNew(module, format, [...builtIn, ...sourceFormats])
      sourceFormats.push(format)
    }
    if (exported !== undefined) {
      assertFits(module, 'analyser', exported, analyserSchema)
      const analyser = exported as Analyser
      const known = analysers.map((plugin) => plugin.analyser)
      assertNew(module, analyser, known)
      analysers.push({ module: specifier, analyser })
    }
  }
  return { sourceFormats, analysers }
}

function toSpecifier(module: string): string {
  const isPath = isAbsolute(module) || module.startsWith('./') || module.startsWith('../')
  return isPath ? pathToFileURL(resolve(module)).href : module
}

async function importNamed(
  module: string,
  specifier: string,
  importModule: (specifier: string) => Promise<unknown>,
): Promise<{ sourceFormat?: unknown; analyser?: unknown }> {
  try {
    return (await importModule(specifier)) as object
  } catch (error) {
    throw new PluginError(module, `it cannot be imported: ${String(error)}`, { cause: error })
  }
}

interface Named {
  readonly name: string
}

function assertNew(module: string, { name }: Named, known: readonly Named[]): void {
  if (known.some((other) => other.name === name)) {
    throw new PluginError(module, `another plugin is named \`${name}\` already`)
  }
}

function assertFits(module: string, key: string, value: unknown, schema: z.ZodType): void {
  const result = schema.safeParse(value, { error: plainMessage })
  if (result.success) return
  const problems = result.error.issues.map((issue) => `${[key, ...issue.path].join('.')}: ${issue.message}`)
  throw new PluginError(module, problems.join('; '))
}
