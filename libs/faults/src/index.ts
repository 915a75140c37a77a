export { startFaultyProxy, type Fault, type FaultyProxy } from './faulty-proxy.ts'
export { openHangingProxy, type HangingProxy } from './hanging-proxy.ts'
