export { type FetcherOptions, openFetcher, type OpenFetcher } from './fetcher.ts'
export type { ResolvedAddress, Resolver } from './resolve.ts'
