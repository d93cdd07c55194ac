import { Group, Select } from '@mantine/core';
import { useDatasets } from '../datasets/dataset-queries';
import { namedOptions } from '../layout/options-of';
import { StoreSelect } from '../stores/store-select';
import { texts } from '../texts';

/** Which dataset a new source fills, and the store of one that begins with it. */
export function NewSourceTarget({ customerId }: { customerId: string }) {
  const datasets = useDatasets(customerId);
  return (
    <Group grow>
      <Select
        name="datasetId"
        label={texts.upload.into}
        placeholder={texts.upload.newDataset}
        clearable
        data={namedOptions(datasets.data?.results)}
      />
      <StoreSelect customerId={customerId} />
    </Group>
  );
}
