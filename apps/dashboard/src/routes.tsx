import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
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
const StoresPage = lazy(() => import('./stores/stores-page'));
const UploadPage = lazy(() => import('./uploads/upload-page'));
const UploadDetailPage = lazy(() => import('./uploads/upload-detail-page'));

export function Routes() {
  return (
    <Shell>
      <Suspense fallback={<Waiting />}>
        <Switch>
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
          <Route path="/customers/:customerId/reports/:reportId/compare" component={ComparePage} />
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </Shell>
  );
}
