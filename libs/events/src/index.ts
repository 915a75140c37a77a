export { compareCursors, cursorBehind, formatCursor, parseCursor, type EventCursor } from './cursor.ts'
export { renewEpoch } from './epoch.ts'
export { CursorExpiredError, CursorUnknownError, InvalidCursorError } from './errors.ts'
export { importChange } from './import-change.ts'
export { pruneEvents } from './prune-events.ts'
export {
  assertServed,
  readEvents,
  type ImportChange,
  type LoggedEvent,
  type MediaChange,
} from './read-events.ts'
export { endOfLog, sequenceAll } from './sequence-events.ts'
export { openTail, type Listen, type Tail } from './tail.ts'
