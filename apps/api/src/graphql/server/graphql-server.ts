import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Viewer } from '@mediakeep/access'
import type { PipelineStats } from '@mediakeep/pipeline'
import type { CancellableDatabase } from '@mediakeep/sql'
import {
  NoSchemaIntrospectionCustomRule,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type ParseOptions,
} from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import { auditMutations, logForbidden } from '../../access/audit.ts'
import { requireScopes } from '../../access/require-scopes.ts'
import { LiveHub, type LiveOptions } from '../../live/live-hub.ts'
import type { Log } from '../../ports/log.ts'
import { AnswerBudget } from '../context/answer-budget.ts'
import { Batches } from '../context/batch.ts'
import type { Context } from '../context/context.ts'
import { locateInFolder } from '../context/import-sources.ts'
import { openOverviewReads } from '../context/overview-reads.ts'
import { schema } from '../schema.ts'
import { limitQueries } from './limit-queries.ts'
import { compileHotQueries } from './compile-hot.ts'
import { MAX_COST, operationCost, tooCostly } from './cost.ts'
import { Documents } from './documents.ts'
import { handleRequest, type HandlerOptions, type RequestContext } from './handle-request.ts'
import { MAX_TOKENS, operationLimits } from './limits.ts'
import { maskError, withoutSuggestions } from './mask-error.ts'
import type { PersistedOperations } from './persisted-operations.ts'
import type { Enveloped } from './prepare.ts'
import { UploadSlots } from './uploads.ts'

export interface GraphqlOptions extends Pick<Context, 'prisma' | 'actions' | 'links'> {
  readonly db: CancellableDatabase
  readonly readStats: () => Promise<PipelineStats>
  readonly log: Log
  readonly isProduction: boolean
  /** Absolute path; `importPosts` may name files below it. */
  readonly importFolder: string | undefined
  /** Folder for uploads while they are received. */
  readonly uploadFolder: string
  readonly maxUploadBytes: number
  /** Limit for all uploads together while they are received. */
  readonly maxUploadBytesInFlight: number
  /** Refuses an upload that sends nothing for this many milliseconds; default 30,000. */
  readonly uploadStallMs?: number | undefined
  /** Undefined: clients may send any operation. */
  readonly persisted: PersistedOperations | undefined
  readonly analysisLeaseSeconds?: number | undefined
  readonly live?: ApiLiveOptions | undefined
}

/** Options for subscriptions. */
export type ApiLiveOptions = Pick<
  LiveOptions,
  'listen' | 'maxClients' | 'maxClientsPerViewer' | 'heartbeatMs' | 'stallMs'
>

export type GraphqlHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  viewer: Viewer,
) => Promise<void>

/** The GraphQL handler, and the streams of its subscriptions. */
export interface GraphqlServer {
  readonly handle: GraphqlHandler
  readonly live: LiveHub
}

export function openGraphql(options: GraphqlOptions): GraphqlServer {
  const overview = openOverviewReads(options.db, options.readStats)
  const mask = (error: unknown): GraphQLError => maskError(error, options.log, options.isProduction)
  const live = new LiveHub({
    ...options.live,
    sql: options.db,
    maskError: mask,
    onError: (error) =>
      options.log.warn({ err: error }, 'subscriptions: the event log could not be followed'),
  })
  const yoga = createYoga<RequestContext, Context>({
    schema,
    context: (given) => ({ ...contextOf(options, given), overview }),
    logging: false,
    // We cache documents ourselves, limited by bytes; Yoga limits its cache by count.
    parserAndValidationCache: false,
    maskedErrors: { maskError: mask },
    plugins: [
      limits(options.isProduction),
      requireScopes((viewer, fields) => logForbidden(options.log, viewer, fields)),
      costLimit(),
      limitQueries(options.db),
      auditMutations(options.log),
      compileHotQueries(),
    ],
  })
  const handler: HandlerOptions = {
    envelop: (context) => yoga.getEnveloped(context as never) as unknown as Enveloped,
    documents: new Documents(),
    persisted: options.persisted,
    hub: live,
    maskError: mask,
    uploads: {
      folder: options.uploadFolder,
      maxBytes: options.maxUploadBytes,
      stallMs: options.uploadStallMs ?? 30_000,
    },
    slots: new UploadSlots(options.maxUploadBytesInFlight),
  }
  return {
    live,
    handle: (request, response, viewer) => handleRequest(handler, { request, response, viewer }),
  }
}

function contextOf(
  options: GraphqlOptions,
  { uploads, viewer, signal }: RequestContext,
): Omit<Context, 'overview'> {
  const { db, prisma, actions, links, importFolder, analysisLeaseSeconds = 300 } = options
  return {
    ...{ db, prisma, actions, links, viewer, signal, analysisLeaseSeconds },
    imports: {
      locate: (path) => locateInFolder(importFolder, path),
      keepUpload: (token) => uploads.keep(token),
    },
    batches: new Batches(),
    budget: new AnswerBudget(),
  }
}

function limits(isProduction: boolean): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source: string, options?: ParseOptions): unknown =>
        parseFn(source, { ...options, maxTokens: MAX_TOKENS }),
      )
    },
    onValidate({ addValidationRule }) {
      addValidationRule(operationLimits)
      if (!isProduction) return undefined
      addValidationRule(NoSchemaIntrospectionCustomRule)
      return ({ valid, result, setResult }) => {
        if (!valid) setResult((result as GraphQLError[]).map(withoutSuggestions))
      }
    },
  }
}

function costLimit(): Plugin {
  const judge = (args: ExecutionArgs, refuse: (result: ExecutionResult) => void): void => {
    const cost = operationCost(args)
    if (cost > MAX_COST) refuse({ errors: [tooCostly(cost)] })
  }
  return {
    onExecute: ({ args, setResultAndStopExecution }) => judge(args, setResultAndStopExecution),
    onSubscribe: ({ args, setResultAndStopExecution }) => judge(args, setResultAndStopExecution),
  }
}
