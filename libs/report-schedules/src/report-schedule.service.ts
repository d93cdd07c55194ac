import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { refuseBeyond } from '@app/customers';
import { invalidParameter, notFound } from '@app/problems';
import type { ReportRequest } from '@app/reports';
import { type ScheduleEntity, Schedules } from '@app/schedules';
import { type EntityManager, In, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ReportScheduleEntity } from './report-schedule.entity.js';

/** Name of these subjects among the schedules. */
export const SCHEDULE_KIND = 'report';

const MAX_PER_CUSTOMER = 50;

export interface ReportScheduleFields {
  name: string;
  request: ReportRequest;
  /** Five-field cron or `every 55m`; null for new data alone. */
  schedule: string | null;
  timezone: string;
  onNewData: boolean;
  enabled: boolean;
}

/** With when it begins next, where it does so by the clock. */
export interface PlannedReport {
  reportSchedule: ReportScheduleEntity;
  plan: ScheduleEntity | null;
}

export interface ReportScheduleQuery {
  customerIds: string[];
  direction: 'ASC' | 'DESC';
  offset: number;
  limit: number;
}

/** Saying which reports are made again by themselves. */
@Injectable()
export class ReportScheduleService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly schedules: Schedules,
    private readonly audit: AuditLog,
  ) {}

  /** @throws Problem not_found */
  async get(id: string): Promise<PlannedReport> {
    return this.planned(this.manager, id);
  }

  async list(query: ReportScheduleQuery): Promise<{ planned: PlannedReport[]; count: number }> {
    const { customerIds, direction, offset, limit } = query;
    const [found, count] = await this.manager.findAndCount(ReportScheduleEntity, {
      where: { customerId: In(customerIds), deletedAt: IsNull() },
      order: { createdAt: direction, id: direction },
      skip: offset,
      take: limit,
    });
    const plans = await this.schedules.of(
      this.manager,
      SCHEDULE_KIND,
      found.map(({ id }) => id),
    );
    const planned = found.map((reportSchedule) => ({
      reportSchedule,
      plan: plans.get(reportSchedule.id) ?? null,
    }));
    return { planned, count };
  }

  /** @throws Problem invalid_parameter for a schedule that makes no sense; unprocessable for one too many */
  async create(customerId: string, fields: ReportScheduleFields, actor: Actor): Promise<PlannedReport> {
    const id = uuidv7();
    const { name, request, onNewData, enabled } = fields;
    return this.manager.transaction(async (manager) => {
      const limit = { most: MAX_PER_CUSTOMER, name: 'scheduled reports' };
      await refuseBeyond(manager, ReportScheduleEntity, customerId, limit);
      const createdBy = actor.actorId ?? null;
      await manager.insert(ReportScheduleEntity, {
        id,
        customerId,
        name,
        request,
        onNewData,
        enabled,
        createdBy,
      });
      await this.plan(manager, id, fields);
      await this.audit.recordDeed(manager, 'reportSchedule.create', { id, customerId }, actor);
      return this.planned(manager, id);
    });
  }

  /** @throws Problem not_found, invalid_parameter */
  async update(id: string, changes: Partial<ReportScheduleFields>, actor: Actor): Promise<PlannedReport> {
    return this.manager.transaction(async (manager) => {
      const { reportSchedule, plan } = await this.planned(manager, id);
      const { schedule, timezone, ...columns } = changes;
      await manager.update(ReportScheduleEntity, { id }, { ...columns, updatedAt: () => 'now()' });
      await this.plan(manager, id, {
        onNewData: changes.onNewData ?? reportSchedule.onNewData,
        enabled: changes.enabled ?? reportSchedule.enabled,
        schedule: schedule === undefined ? (plan?.timing ?? null) : schedule,
        timezone: timezone ?? plan?.timezone ?? 'UTC',
      });
      await this.audit.recordDeed(manager, 'reportSchedule.update', reportSchedule, actor, {
        fields: Object.keys(changes),
      });
      return this.planned(manager, id);
    });
  }

  /** @throws Problem not_found */
  async delete(id: string, actor: Actor): Promise<void> {
    await this.manager.transaction(async (manager) => {
      const { reportSchedule } = await this.planned(manager, id);
      await manager.update(ReportScheduleEntity, { id }, { deletedAt: () => 'now()', enabled: false });
      await this.schedules.remove(manager, { kind: SCHEDULE_KIND, subjectId: id });
      await this.audit.recordDeed(manager, 'reportSchedule.delete', reportSchedule, actor);
    });
  }

  private async plan(
    manager: EntityManager,
    id: string,
    {
      schedule,
      timezone,
      onNewData,
      enabled,
    }: Pick<ReportScheduleFields, 'schedule' | 'timezone' | 'onNewData' | 'enabled'>,
  ): Promise<void> {
    const subject = { kind: SCHEDULE_KIND, subjectId: id };
    if (schedule === null) {
      if (!onNewData) throw invalidParameter('schedule', 'needed where new data is no occasion');
      await this.schedules.remove(manager, subject);
      return;
    }
    await this.schedules.register(manager, { ...subject, timing: schedule, timezone });
    if (!enabled) await this.schedules.pause(manager, subject);
  }

  private async planned(manager: EntityManager, id: string): Promise<PlannedReport> {
    const reportSchedule = await manager.findOneBy(ReportScheduleEntity, { id, deletedAt: IsNull() });
    if (reportSchedule === null) throw notFound('report schedule');
    const plans = await this.schedules.of(manager, SCHEDULE_KIND, [id]);
    return { reportSchedule, plan: plans.get(id) ?? null };
  }
}
