import { join } from 'node:path'
import ts from 'typescript'
import { ROOT } from '../source-files.fixture.ts'

/**
 * Type-checks files as if the modules had these texts, without writing anything.
 * @param paths relative to the root @returns the errors of each file that has any
 */
export function typeCheck(
  paths: readonly string[],
  modules: ReadonlyMap<string, string>,
): Map<string, string[]> {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)) as {
    config: object
  }
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, ROOT)
  const settings = {
    ...options,
    ...{
      composite: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      jsx: ts.JsxEmit.Preserve,
    },
  }
  const host = ts.createCompilerHost(settings)
  const replaced = new Map([...modules].map(([path, text]) => [join(ROOT, path), text]))
  host.readFile = (path) => replaced.get(path) ?? ts.sys.readFile(path)
  const program = ts.createProgram(
    paths.map((path) => join(ROOT, path)),
    settings,
    host,
  )
  const errors = new Map<string, string[]>()
  for (const path of paths) {
    const found = program.getSemanticDiagnostics(program.getSourceFile(join(ROOT, path)))
    const texts = found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    if (texts.length > 0) errors.set(path, texts)
  }
  return errors
}
