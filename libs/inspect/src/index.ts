export { createInspector, type InspectorOptions } from './inspector.ts'
