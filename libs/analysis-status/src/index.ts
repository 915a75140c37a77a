export { InvalidLogError, readLog, replayLog, STATUS_CHANGES, type AnalysisLogEvent } from './log.ts'
export { appendToLog, LOG_TIMESTAMP, type LogEventSql } from './log-sql.ts'
export {
  ANALYSIS_STATUSES,
  InvalidTransitionError,
  UnknownStatusError,
  type AnalysisStatus,
} from './status.ts'
