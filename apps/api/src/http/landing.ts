/** Returns the page at `/`, with links to the rest. */
export function landingPage(isProduction: boolean): string {
  const links = [
    ['/graphql', isProduction ? 'GraphQL' : 'GraphiQL: try queries in the browser'],
    ['/health/ready', 'Health: database, archive, cache, migrations'],
    ['/metrics', 'Metrics for Prometheus'],
  ]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mediakeep</title>
<style>
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }
  li { margin: .5rem 0; }
</style>
<h1>Mediakeep</h1>
<p>The media of your posts: fetched, proven by checksum, archived, queryable.</p>
<ul>
${links.map(([href, text]) => `  <li><a href="${href}">${text}</a></li>`).join('\n')}
</ul>
</html>
`
}
