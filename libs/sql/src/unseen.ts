/**
 * SQL: the parameter `$n`, of which the planner sees nothing but its type. PostgreSQL makes a new plan for each run of
 * a prepared statement while that seems cheaper than the one it keeps, as a known short array or a low limit has it
 * seem: for statements of many tables that plan takes longer than all the rest.
 */
export function unseen(n: number, type: string): string {
  return `(SELECT $${n}::${type})`
}
