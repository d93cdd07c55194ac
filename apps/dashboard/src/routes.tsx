import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { useCustomerId } from './customers/current-customer';
import { CustomersPage } from './customers/customers-page';
import { Shell } from './layout/shell';
import { NotFoundPage } from './layout/not-found-page';
import { Waiting } from './layout/waiting';

const OverviewPage = lazy(() => import('./overview/overview-page'));
const DatasetsPage = lazy(() => import('./datasets/datasets-page'));
const DatasetPage = lazy(() => import('./datasets/dataset-page'));
const ReportsPage = lazy(() => import('./reports/reports-page'));
const NewReportPage = lazy(() => import('./reports/new-report-page'));
const ReportPage = lazy(() => import('./reports/report-page'));
const ComparePage = lazy(() => import('./reports/compare-page'));
const ShopperPage = lazy(() => import('./reports/shopper-page'));
const StoresPage = lazy(() => import('./stores/stores-page'));
const UploadPage = lazy(() => import('./uploads/upload-page'));
const UploadDetailPage = lazy(() => import('./uploads/upload-detail-page'));
const MembersPage = lazy(() => import('./members/members-page'));
const ApiKeysPage = lazy(() => import('./api-keys/api-keys-page'));
const TasksPage = lazy(() => import('./tasks/tasks-page'));
const NotificationsPage = lazy(() => import('./notifications/notifications-page'));
const NotificationChoicesPage = lazy(() => import('./notifications/choices/notification-choices-page'));
const ReportSchedulesPage = lazy(() => import('./report-schedules/report-schedules-page'));
const WebhooksPage = lazy(() => import('./webhooks/webhooks-page'));
const SourcesPage = lazy(() => import('./sources/sources-page'));
const AccountPage = lazy(() => import('./account/account-page'));
const UsersPage = lazy(() => import('./administration/users-page'));
const SystemPage = lazy(() => import('./administration/system-page'));
const DeadLettersPage = lazy(() => import('./administration/dead-letters-page'));
const AuditPage = lazy(() => import('./administration/audit-page'));

export function Routes() {
  const customerId = useCustomerId();
  return (
    <Shell>
      <Suspense fallback={<Waiting />}>
        {/* What a page holds of one customer it does not hold of another. */}
        <Switch key={customerId}>
          <Route path="/">
            <Redirect to="/customers" replace />
          </Route>
          <Route path="/customers" component={CustomersPage} />
          <Route path="/customers/:customerId" component={OverviewPage} />
          <Route path="/customers/:customerId/stores" component={StoresPage} />
          <Route path="/customers/:customerId/upload" component={UploadPage} />
          <Route path="/customers/:customerId/uploads/:uploadId" component={UploadDetailPage} />
          <Route path="/customers/:customerId/datasets" component={DatasetsPage} />
          <Route path="/customers/:customerId/datasets/:datasetId" component={DatasetPage} />
          <Route path="/customers/:customerId/reports" component={ReportsPage} />
          <Route path="/customers/:customerId/reports/new" component={NewReportPage} />
          <Route path="/customers/:customerId/reports/:reportId" component={ReportPage} />
          <Route path="/customers/:customerId/reports/:reportId/shopper" component={ShopperPage} />
          <Route path="/customers/:customerId/reports/:reportId/compare" component={ComparePage} />
          <Route path="/customers/:customerId/report-schedules" component={ReportSchedulesPage} />
          <Route path="/customers/:customerId/notification-choices" component={NotificationChoicesPage} />
          <Route path="/customers/:customerId/members" component={MembersPage} />
          <Route path="/customers/:customerId/api-keys" component={ApiKeysPage} />
          <Route path="/customers/:customerId/tasks" component={TasksPage} />
          <Route path="/customers/:customerId/webhooks" component={WebhooksPage} />
          <Route path="/customers/:customerId/sources" component={SourcesPage} />
          <Route path="/notifications" component={NotificationsPage} />
          <Route path="/account" component={AccountPage} />
          <Route path="/administration/users" component={UsersPage} />
          <Route path="/administration/system" component={SystemPage} />
          <Route path="/administration/dead-letters" component={DeadLettersPage} />
          <Route path="/administration/audit" component={AuditPage} />
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </Shell>
  );
}
