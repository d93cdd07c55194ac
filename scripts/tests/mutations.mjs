/**
 * A safeguard that is taken away, and the test that must notice.
 * @typedef {object} Mutation
 * @property {string} name
 * @property {string} file     below dist
 * @property {string} replace  text of the built program, found once or the mutation is out of date
 * @property {string} by
 * @property {string} project
 * @property {string} spec
 * @property {string} test     part of the test's name
 */

/** @type {Mutation[]} */
export const MUTATIONS = [
  {
    name: 'ack',
    file: 'libs/messaging/src/reliable-rmq-server.js',
    replace: 'await this.pause();\n                    this.settle(() => channel.ack(message));',
    by: 'await this.pause();',
    project: 'integration',
    spec: 'apps/ingest-worker/test/turns.integration.spec.ts',
    test: 'D7: is not held while its task runs',
  },
  {
    name: 'fence',
    file: 'libs/tasks/src/task-claims.js',
    replace: "where: { id, fence, status: 'running' }",
    by: 'where: { id }',
    project: 'integration',
    spec: 'apps/ingest-worker/test/workers.integration.spec.ts',
    test: 'D8: that slept past its lease cannot publish',
  },
  {
    name: 'barrier',
    file: 'libs/frames/src/model/frame-publisher.js',
    replace: 'await this.repository.verify(table.ownerId, table.revision, manifest);',
    by: '',
    project: 'chaos',
    spec: 'test/chaos/frames.spec.ts',
    test: 'C2: of which MongoDB has lost one are not published',
  },
  {
    name: 'tenant filter',
    file: 'apps/api/src/access/access.service.js',
    replace: 'return role;',
    by: "return 'owner';",
    project: 'e2e',
    spec: 'test/e2e/access-matrix.spec.ts',
    test: '',
  },
  {
    name: 'write concern',
    file: 'libs/frames/src/model/frame-store.js',
    replace: "writeConcern: { w: 'majority', journal: true }",
    by: 'writeConcern: { w: 1, journal: false }',
    project: 'chaos',
    spec: 'test/chaos/frames.spec.ts',
    test: 'C3: that are acknowledged survive a kill',
  },
  {
    name: 'outbox',
    file: 'libs/messaging/src/outbox.js',
    replace: 'await manager.insert(OutboxEntry, {',
    by: 'await Promise.resolve({',
    project: 'integration',
    spec: 'apps/ingest-worker/test/tasks.integration.spec.ts',
    test: 'a task runs once',
  },
  {
    name: 'sweeper',
    file: 'libs/tasks/src/task-sweeper.js',
    replace: 'this.rounds.start();',
    by: '',
    project: 'integration',
    spec: 'apps/ingest-worker/test/messages.integration.spec.ts',
    test: 'D2: tasks whose messages are gone',
  },
];
