import { expectStatus, startSystem, until } from '../harness/index.js';
import { ready, startDataset } from '../harness/uploads.js';
import type { World } from './row.js';

/**
 * Two tenants; the first has a dataset with a profile and a finished report. The worker that made them is gone, so that what
 * the matrix orders stays queued.
 */
export async function makeWorld(): Promise<World> {
  const system = await startSystem({
    workers: 1,
    env: { ALLOW_REGISTRATION: 'true', LOGIN_ATTEMPTS_PER_ADDRESS: '100000' },
  });
  try {
    const tenant = await system.make.tenant('tenant');
    const stranger = await system.make.tenant('stranger');
    const started = await startDataset(tenant.owner, tenant, sales());
    await ready(tenant.owner.api, started.upload.id);
    const asked = await tenant.owner.api.post('/reports', { customerId: tenant.customerId, k: 3 });
    const reportId: string = expectStatus(asked, 202).report.id;
    await until('the report', async () => {
      const { status, error } = expectStatus(await tenant.owner.api.get(`/reports/${reportId}`), 200);
      if (status === 'failed') throw new Error(JSON.stringify(error));
      return status === 'succeeded';
    });
    const dataset = `/datasets/${started.dataset.id}`;
    expectStatus(await tenant.owner.api.post(`${dataset}/process`, { kind: 'profile' }), 202);
    await until('the profile', async () => (await tenant.owner.api.get(`${dataset}/profile`)).status === 200);
    const self = { fromDatasetId: started.dataset.id, toDatasetId: started.dataset.id };
    const link = { ...self, fromColumn: 'CustomerID', toColumn: 'Quantity' };
    const linkId: string = expectStatus(await tenant.owner.api.post('/links', link), 201).id;
    const source = { customerId: tenant.customerId, kind: 'folder', prefix: 'world' };
    const sourceId: string = expectStatus(await tenant.owner.api.post('/sources', source), 201).id;
    await system.killWorker();
    return {
      system,
      tenant,
      stranger,
      data: {
        datasetId: started.dataset.id,
        uploadId: started.upload.id,
        taskId: started.task.id,
        reportId,
        shopperId: '1001',
        linkId,
        sourceId,
      },
    };
  } catch (error) {
    await system.stop();
    throw error;
  }
}

/** Forty shoppers with one to eight orders each. */
function sales(): string {
  const lines = ['InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID'];
  for (let shopper = 0; shopper < 40; shopper += 1) {
    for (let order = 0; order <= shopper % 8; order += 1) {
      const day = String(1 + ((shopper * 3 + order * 5) % 28)).padStart(2, '0');
      const number = 500_000 + shopper * 10 + order;
      const price = (1 + (shopper % 13) * 1.5).toFixed(2);
      lines.push(
        `${number},A${order},${1 + (shopper % 5)},2011-0${1 + (order % 9)}-${day} 10:30,${price},${1000 + shopper}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
