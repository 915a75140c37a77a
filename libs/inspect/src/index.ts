export { createInspector, type InspectorOptions } from './inspector.ts'
export {
  openSandboxedInspector,
  type SandboxedInspector,
  type SandboxedInspectorOptions,
} from './sandboxed-inspector.ts'
export { createSniffer } from './sniffer.ts'
