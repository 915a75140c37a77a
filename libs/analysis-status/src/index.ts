export { InvalidLogError, readLog, replayLog, STATUS_CHANGES, type AnalysisLogEvent } from './log.ts'
export { appendToLog, LOG_TIMESTAMP, logEvent, MAX_LOG_EVENTS, type LogEventSql } from './log-sql.ts'
export {
  ANALYSIS_STATUSES,
  canTransition,
  InvalidTransitionError,
  readStatus,
  UnknownStatusError,
  type AnalysisStatus,
} from './status.ts'
