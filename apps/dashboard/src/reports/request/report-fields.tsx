import {
  Fieldset,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core';
import { useDatasets } from '../../datasets/dataset-queries';
import { namedOptions, optionsOf } from '../../layout/options-of';
import { useStores } from '../../stores/store-queries';
import { texts } from '../../texts';
import type { ReportChoice } from './report-choice';
import { offerOf, type ReportOffer } from './report-offer';

const words = texts.reportRequest;

/** What the customer's data offers for this choice. */
export function useReportOffer(customerId: string, choice: ReportChoice): ReportOffer {
  return offerOf(useDatasets(customerId).data?.results ?? [], choice);
}

interface Props {
  customerId: string;
  choice: ReportChoice;
  onChoice: (choice: ReportChoice) => void;
  /** Left out where the report is made again and again. */
  withDay?: boolean;
}

/** What a report is asked for: of which data, grouped by what, into how many, and how it is computed. */
export function ReportFields({ customerId, choice, onChoice, withDay = false }: Props) {
  const datasets = useDatasets(customerId);
  const stores = useStores(customerId);
  const offer = useReportOffer(customerId, choice);
  const change = (part: Partial<ReportChoice>) => onChoice({ ...choice, ...part });
  return (
    <Stack>
      <MultiSelect
        label={texts.navigation.datasets}
        placeholder={choice.datasetIds.length === 0 ? texts.reports.all : ''}
        data={namedOptions(datasets.data?.results)}
        value={choice.datasetIds}
        onChange={(datasetIds) => change({ datasetIds })}
        clearable
      />
      <MultiSelect
        label={texts.navigation.stores}
        placeholder={choice.storeIds.length === 0 ? texts.reports.all : ''}
        data={namedOptions(stores.data?.results)}
        value={choice.storeIds}
        onChange={(storeIds) => change({ storeIds })}
        clearable
      />
      {(stores.data?.count ?? 0) > 0 && (
        <Switch
          label={words.perStore}
          description={words.perStoreNote}
          checked={choice.perStore}
          onChange={(event) => change({ perStore: event.currentTarget.checked })}
        />
      )}
      <MultiSelect
        label={texts.reports.features}
        placeholder={
          choice.features.length > 0 ? '' : offer.groupColumns.length > 0 ? words.allNumbers : words.usual
        }
        data={offer.features}
        value={choice.features.filter((name) => offer.features.some(({ value }) => value === name))}
        onChange={(features) => change({ features })}
        clearable
      />
      <GroupFields choice={choice} onChange={change} columns={offer.groupColumns} />
      {offer.hasOrders && (
        <Switch
          label={texts.rfm.with}
          description={texts.rfm.withNote}
          checked={choice.withRfm}
          onChange={(event) => change({ withRfm: event.currentTarget.checked })}
        />
      )}
      <Fieldset legend={words.computed}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={words.transform}
            allowDeselect={false}
            data={optionsOf(words.transforms)}
            value={choice.transform}
            onChange={(transform) => transform !== null && change({ transform })}
          />
          <Select
            label={words.scaling}
            allowDeselect={false}
            data={optionsOf(words.scalings)}
            value={choice.scaling}
            onChange={(scaling) => scaling !== null && change({ scaling })}
          />
          {withDay && (
            <TextInput
              type="date"
              label={texts.reports.asOf}
              description={words.asOfNote}
              value={choice.asOf}
              onChange={(event) => change({ asOf: event.currentTarget.value })}
            />
          )}
        </SimpleGrid>
      </Fieldset>
    </Stack>
  );
}

interface GroupProps {
  choice: ReportChoice;
  onChange: (part: Partial<ReportChoice>) => void;
  /** That may hold the groups. */
  columns: readonly string[];
}

/** How many segments there are, or the column that says which group a shopper is in. */
function GroupFields({ choice: { groups, k, groupBy }, onChange, columns }: GroupProps) {
  const ways = optionsOf(words.groups).filter(({ value }) => value !== 'column' || columns.length > 0);
  return (
    <Group grow align="flex-end">
      <Select
        label={texts.reports.k}
        allowDeselect={false}
        data={ways}
        value={groups}
        onChange={(value) => value !== null && onChange({ groups: value })}
      />
      {groups === 'fixed' && (
        <NumberInput
          aria-label={texts.reports.k}
          min={2}
          max={20}
          value={k}
          onChange={(value) => onChange({ k: Number(value) })}
        />
      )}
      {groups === 'column' && (
        <Select
          aria-label={words.groups.column}
          placeholder={texts.uploads.column}
          searchable
          data={columns}
          value={groupBy === '' ? null : groupBy}
          onChange={(value) => onChange({ groupBy: value ?? '' })}
        />
      )}
    </Group>
  );
}
