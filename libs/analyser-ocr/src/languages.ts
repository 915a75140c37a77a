import { access, copyFile, mkdir, rename, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'

/** The data of a language is not on this machine. */
export class MissingLanguageError extends Error {
  override readonly name = 'MissingLanguageError'
  readonly code = 'missing_language'
}

/** A language, and the recogniser's data file for it. */
export interface Language {
  readonly code: string
  readonly path: string
}

const DATA_FILE = /^([\w-]+)\.traineddata(?:\.gz)?$/

/**
 * Finds the data of languages. Each is a code (`deu`), whose data is in the npm package `@tesseract.js-data/deu`, or the
 * path of a data file (`/data/deu.traineddata`). Nothing is downloaded.
 *
 * @returns each language once; of two files for one language, the last
 * @throws MissingLanguageError
 */
export async function findLanguages(
  languages: readonly string[],
  workingFolder = process.cwd(),
): Promise<Language[]> {
  const found = await Promise.all(languages.map((language) => findLanguage(language, workingFolder)))
  return [...new Map(found.map((language) => [language.code, language])).values()]
}

/**
 * Puts the data of all languages into one folder, where the recogniser expects them: it works in a child process that
 * can read no other folder and write nothing.
 *
 * @param folder used, and created, if the data is not in one folder already
 * @returns the folder with a file `<code>.traineddata.gz` for each, compressed or not
 */
export async function gatherLanguages(languages: readonly Language[], folder: string): Promise<string> {
  const [only, ...others] = new Set(languages.map(({ path }) => dirname(path)))
  const areNamed = languages.every(({ code, path }) => basename(path) === `${code}.traineddata.gz`)
  if (only !== undefined && others.length === 0 && areNamed) return only
  await mkdir(folder, { recursive: true })
  for (const { code, path } of languages) {
    const target = join(folder, `${code}.traineddata.gz`)
    const [from, to] = await Promise.all([stat(path), stat(target).catch(() => undefined)])
    if (to !== undefined && to.size === from.size && to.mtimeMs >= from.mtimeMs) continue
    // Renamed when complete: another process may read it.
    const partial = `${target}.${process.pid}`
    await copyFile(path, partial)
    await rename(partial, target)
  }
  return folder
}

async function findLanguage(language: string, workingFolder: string): Promise<Language> {
  const code = DATA_FILE.exec(basename(language))?.[1]
  if (code === undefined) return { code: language, path: packaged(language, workingFolder) }
  const path = resolve(workingFolder, language)
  await access(path).catch(() => {
    throw new MissingLanguageError(`OCR_LANGUAGES names ${language}, and there is no such file.`)
  })
  return { code, path }
}

function packaged(code: string, workingFolder: string): string {
  const name = `@tesseract.js-data/${code}`
  for (const from of [import.meta.url, join(workingFolder, 'package.json')]) {
    try {
      const folder = dirname(createRequire(from).resolve(`${name}/package.json`))
      return join(folder, '4.0.0_best_int', `${code}.traineddata.gz`)
    } catch {
      // Not installed here.
    }
  }
  throw new MissingLanguageError(
    `OCR_LANGUAGES names ${code}, whose data is not installed. Install it with "npm install ${name}" in ${workingFolder}, ` +
      `or name its data file instead: /path/to/${code}.traineddata`,
  )
}
