export { createSandbox, type RunOptions, type Sandbox, type SandboxOptions } from './sandbox.ts'
export { JobError, SandboxError, type SandboxErrorCode } from './sandbox-error.ts'
export { chooseIsolation, IsolationError, noIsolation, type Isolation, type Rung } from './isolation.ts'
