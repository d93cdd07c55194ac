import { loadSettings } from '@app/config';
import { migrate } from '@app/database';

const done = await migrate(loadSettings().services.postgresUrl);
process.stdout.write(done.length === 0 ? 'The schema is up to date.\n' : `Migrated: ${done.join(', ')}\n`);
