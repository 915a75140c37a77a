// Same as the command line; must run before anything that starts libuv's threads is imported.
process.env.UV_THREADPOOL_SIZE ??= '16'
