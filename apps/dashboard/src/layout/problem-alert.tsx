import { Alert, Code, List, Text } from '@mantine/core';
import { ApiProblem } from '@app/api-client';
import { IconAlertTriangle } from '@tabler/icons-react';
import { texts } from '../texts';

interface Props {
  problem: unknown;
  /** Among buttons in a line it stands below all of them. */
  isBelowLine?: boolean;
}

/** What the api said, field by field, and the request id with which its operator finds the call. */
export function ProblemAlert({ problem, isBelowLine = false }: Props) {
  if (problem === undefined || problem === null) return null;
  const isApi = problem instanceof ApiProblem;
  const fields = isApi ? Object.entries(problem.fields) : [];
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle aria-hidden />}
      role="alert"
      title={texts.problem.title}
      {...(isBelowLine && { className: 'below-line' })}
    >
      <Text size="sm">{isApi ? problem.message : texts.problem.offline}</Text>
      {fields.length > 0 && (
        <List size="sm" mt="xs">
          {fields.map(([field, messages]) => (
            <List.Item key={field}>
              {field}: {messages.join(' ')}
            </List.Item>
          ))}
        </List>
      )}
      {isApi && problem.requestId !== undefined && (
        <Text size="xs" mt="xs" c="dimmed">
          {texts.problem.request} <Code>{problem.requestId}</Code>
        </Text>
      )}
    </Alert>
  );
}
