/**
 * Loaded into each app before its own code: one whose launcher was killed ends as if asked to, in place of holding on to
 * a port and to services that are gone.
 */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
