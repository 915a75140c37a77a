// Values and limits of the filters, for the API and the command line, which loads this file at every start: no other
// imports.
export { FAILURE_STAGES, type FailureStage } from '../overview/failure-stages.ts'

/** How far ahead expiring URLs can be looked up, in hours. */
export const MOST_HOURS = 720

/**
 * The largest distance at which similar media are found, in bits of 64. Up to it, two hashes differ by at most two bits
 * in one of four bands of 16 (pigeonhole: 4 × 3 > 11).
 */
export const MAX_DISTANCE = 11
export const DEFAULT_DISTANCE = 8
