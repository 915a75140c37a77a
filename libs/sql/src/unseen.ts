/**
 * SQL for the parameter `$n` that hides everything except its type from the planner. PostgreSQL replans each run of a
 * prepared statement while that seems cheaper than a generic plan, as it does with a known short array or a low limit;
 * for statements over many tables, that planning takes longer than everything else.
 */
export function unseen(n: number, type: string): string {
  return `(SELECT $${n}::${type})`
}
