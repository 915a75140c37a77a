const MINIMUM = '22.18.0'

/**
 * Explains why this version of Node cannot run the tools. A database module is TypeScript, which Node loads without
 * a build from 22.18 on; older versions fail with "Unknown file extension .ts".
 * @param {string} version
 * @returns {string | undefined}
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [needMajor = 0, needMinor = 0] = MINIMUM.split('.').map(Number)
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return undefined
  return `The schema tools need Node ${MINIMUM} or newer, and this is Node ${version}. Install a newer Node, or put one first in PATH.`
}
