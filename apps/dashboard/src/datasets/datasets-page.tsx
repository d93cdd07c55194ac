import { Anchor, Button, Table } from '@mantine/core';
import { Link, useParams } from 'wouter';
import { formatInteger, formatTime } from '../format';
import { Page } from '../layout/page';
import { QueryState } from '../layout/query-state';
import { texts } from '../texts';
import { useDatasets } from './dataset-queries';

export default function DatasetsPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const datasets = useDatasets(customerId);
  const home = `/customers/${customerId}`;
  return (
    <Page
      title={texts.datasets.title}
      lead={texts.datasets.lead}
      actions={
        <Button component={Link} href={`${home}/upload`}>
          {texts.upload.title}
        </Button>
      }
    >
      <QueryState query={datasets} isEmpty={({ count }) => count === 0} empty={texts.datasets.empty}>
        {({ results }) => (
          <Table.ScrollContainer minWidth={560}>
            <Table verticalSpacing="sm" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{texts.fields.name}</Table.Th>
                  <Table.Th>{texts.datasets.kind}</Table.Th>
                  <Table.Th className="numeric">{texts.overview.rows}</Table.Th>
                  <Table.Th className="numeric">{texts.datasets.uploads}</Table.Th>
                  <Table.Th>{texts.datasets.updated}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {results.map((dataset) => (
                  <Table.Tr key={dataset.id}>
                    <Table.Td>
                      <Anchor component={Link} href={`${home}/datasets/${dataset.id}`}>
                        {dataset.name}
                      </Anchor>
                    </Table.Td>
                    <Table.Td>{dataset.kind ?? texts.none}</Table.Td>
                    <Table.Td className="numeric">{formatInteger(dataset.rowCount)}</Table.Td>
                    <Table.Td className="numeric">{formatInteger(dataset.uploadCount)}</Table.Td>
                    <Table.Td>{formatTime(dataset.updatedAt)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </QueryState>
    </Page>
  );
}
