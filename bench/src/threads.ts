// As the command line does; before anything that starts libuv's threads is imported.
process.env.UV_THREADPOOL_SIZE ??= '16'
