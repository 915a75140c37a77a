// Runs `npm ci` and says how far it is: npm itself prints nothing for minutes. Plain JavaScript for any Node.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clearInterval, setInterval } from 'node:timers'

const TERMINAL_EVERY_MS = 500
const PLAIN_LINE_EVERY_MS = 5000

/** @returns why it failed, or undefined */
export function installDependencies(root) {
  const expected = packagesFor(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  const started = Date.now()
  const { isTTY } = process.stderr
  const report = () => {
    const installed = expected.filter((path) => existsSync(join(root, path, 'package.json'))).length
    const seconds = Math.round((Date.now() - started) / 1000)
    const line = `Installing dependencies: ${installed} of ${expected.length} packages after ${seconds} s`
    process.stderr.write(isTTY ? `\r${line}` : `${line}\n`)
  }
  console.error('Installing dependencies. This happens once and takes a minute or more; about 900 MB.')
  return new Promise((resolve) => {
    const timer = setInterval(report, isTTY ? TERMINAL_EVERY_MS : PLAIN_LINE_EVERY_MS)
    const end = (reason) => {
      clearInterval(timer)
      if (isTTY) process.stderr.write('\n')
      if (reason === undefined) console.error(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`)
      resolve(reason)
    }
    const args = ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']
    const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 2, 2] })
    npm.once('error', (error) => end(`npm could not be started: ${error.message}`))
    npm.once('exit', (code, signal) =>
      end(code === 0 ? undefined : `"npm ${args.join(' ')}" ended with ${code ?? signal}.`),
    )
  })
}

/** The folders of the packages that npm installs on this machine; optional ones of other platforms are left out. */
function packagesFor({ packages }) {
  const libc = libcOfThisMachine()
  const paths = Object.keys(packages).filter(
    (path) => path.startsWith('node_modules/') && !packages[path].link,
  )
  const others = paths.filter((path) => {
    const wanted = packages[path]
    return !(fits(wanted.os, process.platform) && fits(wanted.cpu, process.arch) && fits(wanted.libc, libc))
  })
  const isOther = (path) => others.some((other) => path === other || path.startsWith(`${other}/`))
  return paths.filter((path) => !isOther(path))
}

const fits = (allowed, own) => allowed === undefined || allowed.includes(own)

function libcOfThisMachine() {
  return process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime
    ? 'glibc'
    : 'musl'
}
