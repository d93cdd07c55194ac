import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { conditionsOf, type ExportFormat, type RowFilter } from '@app/frames';
import { type PlaceName, Places } from '@app/storage';
import { type TaskEntity, TaskService } from '@app/tasks';
import type { EntityManager } from 'typeorm';
import { DatasetService } from '../dataset.service.js';
import { noData } from '../profile/profile.service.js';

/** What is written where. */
export interface ExportOrder {
  format: ExportFormat;
  filters: RowFilter[];
  to: PlaceName;
}

/** Orders that datasets are written to places of others. */
@Injectable()
export class ExportOrders {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly datasets: DatasetService,
    private readonly places: Places,
    private readonly tasks: TaskService,
    private readonly audit: AuditLog,
  ) {}

  /**
   * @throws Problem not_found; unprocessable where there is no data; invalid_parameter for filters that make no sense and for
   *   places that may not be used
   */
  async request(datasetId: string, order: ExportOrder, actor: Actor): Promise<TaskEntity> {
    const visible = await this.datasets.visibleSet(datasetId);
    if (visible === null) throw noData();
    conditionsOf(visible, order.filters);
    const task = await this.manager.transaction(async (manager) => {
      const dataset = await this.datasets.lock(manager, datasetId);
      this.places.open(dataset.customerId, order.to, 'to.');
      await this.audit.recordDeed(manager, 'dataset.export', dataset, actor, { ...order });
      return this.tasks.enqueue(manager, {
        kind: 'export',
        customerId: dataset.customerId,
        datasetId,
        payload: order,
        ...(actor.actorId !== undefined && { createdBy: actor.actorId }),
      });
    });
    this.tasks.announce();
    return task;
  }
}
