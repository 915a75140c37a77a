import { z } from 'zod'

/** A search text. Limited because PostgreSQL processes every word of it. */
export const searchText = z.string().max(1000, 'A search may have at most 1,000 characters.')
