import { Button, Group, MultiSelect, NumberInput, Select, Stack, Switch } from '@mantine/core';
import { answer } from '@app/api-client';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { useDatasets } from '../datasets/dataset-queries';
import { Page } from '../layout/page';
import { ProblemAlert } from '../layout/problem-alert';
import { useApi } from '../session/session-provider';
import { useStores } from '../stores/store-queries';
import { texts } from '../texts';

const FEATURES = Object.entries(texts.reports.featureNames).map(([value, label]) => ({ value, label }));
const USUAL_FEATURES = ['recencyDays', 'frequency', 'monetary'];

export default function NewReportPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const api = useApi();
  const [, navigate] = useLocation();
  const datasets = useDatasets(customerId);
  const stores = useStores(customerId);
  const [datasetIds, setDatasetIds] = useState<string[]>([]);
  const [storeIds, setStoreIds] = useState<string[]>([]);
  const [features, setFeatures] = useState(USUAL_FEATURES);
  const [choice, setChoice] = useState<string>('auto');
  const [k, setK] = useState<string | number>(4);

  const [withRfm, setWithRfm] = useState(true);
  const chosen = (datasets.data?.results ?? []).filter(
    ({ id }) => datasetIds.length === 0 || datasetIds.includes(id),
  );
  // Scores are given to orders; a dataset of shoppers has none.
  const hasOrders = chosen.some(({ kind }) => kind === 'transactions');

  const creation = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/v1/reports', {
          body: {
            customerId,
            ...(datasetIds.length > 0 && { datasetIds }),
            ...(storeIds.length > 0 && { storeIds }),
            // What is usual is left out: for datasets of shoppers other columns are the usual ones.
            ...(!isUsual(features) && { features }),
            ...(withRfm && hasOrders && { rfm: {} }),
            k: choice === 'auto' ? ('auto' as const) : Number(k),
          },
        }),
      ),
    onSuccess: ({ report }) => navigate(`/customers/${customerId}/reports/${report.id}`),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    creation.mutate();
  }

  return (
    <Page title={texts.reports.create} lead={texts.reports.createLead}>
      <form onSubmit={submit}>
        <Stack maw={640}>
          <MultiSelect
            label={texts.navigation.datasets}
            placeholder={datasetIds.length === 0 ? texts.reports.all : ''}
            data={(datasets.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={datasetIds}
            onChange={setDatasetIds}
            clearable
          />
          <MultiSelect
            label={texts.navigation.stores}
            placeholder={storeIds.length === 0 ? texts.reports.all : ''}
            data={(stores.data?.results ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={storeIds}
            onChange={setStoreIds}
            clearable
          />
          <MultiSelect
            label={texts.reports.features}
            description={texts.reports.featuresNote}
            data={FEATURES}
            value={features}
            onChange={setFeatures}
          />
          <Group grow align="flex-end">
            <Select
              label={texts.reports.k}
              allowDeselect={false}
              data={[
                { value: 'auto', label: texts.reports.auto },
                { value: 'fixed', label: texts.reports.fixed },
              ]}
              value={choice}
              onChange={(value) => setChoice(value ?? 'auto')}
            />
            {choice === 'fixed' && (
              <NumberInput aria-label={texts.reports.k} min={2} max={20} value={k} onChange={setK} />
            )}
          </Group>
          {hasOrders && (
            <Switch
              label={texts.rfm.with}
              description={texts.rfm.withNote}
              checked={withRfm}
              onChange={(event) => setWithRfm(event.currentTarget.checked)}
            />
          )}
          <ProblemAlert problem={creation.error} />
          <Group>
            <Button type="submit" loading={creation.isPending}>
              {texts.reports.start}
            </Button>
          </Group>
        </Stack>
      </form>
    </Page>
  );
}

const isUsual = (features: readonly string[]): boolean =>
  features.length === USUAL_FEATURES.length && USUAL_FEATURES.every((name) => features.includes(name));
