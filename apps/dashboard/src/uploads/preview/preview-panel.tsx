import { Badge, Group, Stack, Table, Text } from '@mantine/core';
import type { Trial } from '@app/api-client';
import { formatInteger } from '../../format';
import { Panel } from '../../layout/panel';
import { texts, wordsOf } from '../../texts';
import { DriftAlert } from '../drift-alert';
import classes from './preview-panel.module.css';

interface Props {
  trial: Trial;
  /** True where more than what was tried out is to be loaded. */
  isSample: boolean;
}

const words = texts.preview;
const SHOWN_ROWS = 8;

/** The first rows of a file as they would be read, and what was found in it. */
export function PreviewPanel({ trial, isSample }: Props) {
  const { counts, anomalyCounts, drift } = trial;
  const odd = Object.entries(anomalyCounts);
  return (
    <Panel
      title={words.title}
      aside={
        <Text size="sm" c="dimmed">
          {words.counted(formatInteger(counts.records), formatInteger(counts.rejected))}
          {isSample && ` ${words.sample}`}
        </Text>
      }
    >
      <Stack gap="sm">
        <DialectLine trial={trial} />
        <DriftAlert drift={drift} />
        <FirstRows trial={trial} />
        {odd.length > 0 && (
          <Group gap="xs">
            <Text size="sm">{texts.uploads.anomalies}</Text>
            {odd.map(([type, count]) => (
              <Badge key={type} variant="default" tt="none">
                {wordsOf(texts.anomalyTypes, type)} · {formatInteger(count)}
              </Badge>
            ))}
          </Group>
        )}
      </Stack>
    </Panel>
  );
}

function DialectLine({ trial: { dialect } }: { trial: Trial }) {
  const { encoding, delimiter, quote, header, preambleLines } = dialect;
  return (
    <Text size="sm" title={Object.values(dialect.evidence).join(' ')}>
      {[
        `${texts.uploads.encoding} ${encoding}`,
        `${texts.uploads.delimiter} ${JSON.stringify(delimiter)}`,
        `${words.quote} ${quote === '' ? texts.none : quote}`,
        header ? words.withHeader : words.withoutHeader,
        preambleLines > 0 && words.preamble(String(preambleLines)),
      ]
        .filter((part) => part !== false)
        .join(' · ')}
    </Text>
  );
}

function FirstRows({ trial: { preview, columns, roles } }: { trial: Trial }) {
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table className={classes.rows ?? ''} withTableBorder>
        <Table.Thead>
          <Table.Tr>
            {preview.names.map((name, index) => {
              const column = columns[index];
              const role = roles.find((found) => found.column === column?.name)?.role;
              return (
                // Two columns may have one name.
                // oxlint-disable-next-line react/no-array-index-key
                <Table.Th key={index} title={column?.evidence}>
                  {name}
                  <Group gap={4}>
                    {column !== undefined && (
                      <Badge size="xs" variant="light" color="gray" tt="none" miw="max-content">
                        {texts.reading.types[column.type]}
                      </Badge>
                    )}
                    {role !== undefined && (
                      <Badge size="xs" tt="none" miw="max-content">
                        {texts.reading.roleNames[role]}
                      </Badge>
                    )}
                  </Group>
                </Table.Th>
              );
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.rows.slice(0, SHOWN_ROWS).map((cells, row) => (
            // oxlint-disable-next-line react/no-array-index-key
            <Table.Tr key={row}>
              {cells.map((cell, index) => (
                // oxlint-disable-next-line react/no-array-index-key
                <Table.Td key={index}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
