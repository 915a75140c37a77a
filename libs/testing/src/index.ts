export { explaining } from './explaining.ts'
export { createTestDatabase, type TestDatabase } from './test-database.ts'
export { hugePng } from './huge-png.ts'
export { MODEL_ANSWER, startModelServer, type ModelServer, type ModelTurn } from './model-server.ts'
