export { InvalidLogError, readLog, replayLog, type AnalysisLogEvent } from './log.ts'
export { appendToLog, LOG_TIMESTAMP, logEvent, MAX_LOG_EVENTS, type LogEventSql } from './log-sql.ts'
export {
  canTransition,
  InvalidTransitionError,
  readStatus,
  transition,
  UnknownStatusError,
  type AnalysisStatus,
} from './status.ts'
