import { Button, Checkbox, Group, Text } from '@mantine/core';
import type { NotificationChoices } from '@app/api-client';
import { ListTable } from '../../layout/list-table';
import { texts } from '../../texts';

const words = texts.notificationChoices;
const { types } = texts.notifications;

type Events = NotificationChoices['events'];
type EventName = keyof typeof types;
type Channel = keyof typeof words.channels;
/** What is not saved yet, by event; null takes a choice back. */
export type Changes = Record<string, Channel[] | null>;

const EVENTS = Object.keys(types) as EventName[];
const CHANNELS = Object.keys(words.channels) as Channel[];

interface Props {
  events: Events;
  level: 'user' | 'customer';
  mayChange: boolean;
  changes: Changes;
  onChanges: (changes: Changes) => void;
}

/** Events and the channels by which they are told. */
export function ChoicesTable({ events, level, mayChange, changes, onChanges }: Props) {
  const channelsOf = (event: EventName) => changes[event] ?? events[event]?.channels ?? [];
  const change = (event: EventName, channels: Channel[] | null) =>
    onChanges({ ...changes, [event]: channels });
  return (
    <ListTable
      items={EVENTS}
      keyOf={(event) => event}
      minWidth={420}
      columns={[
        { header: texts.webhooks.event, render: (event) => types[event] },
        ...CHANNELS.map((channel) => ({
          header: words.channels[channel],
          render: (event: EventName) => (
            <Checkbox
              aria-label={`${types[event]}: ${words.channels[channel]}`}
              checked={channelsOf(event).includes(channel)}
              disabled={!mayChange || changes[event] === null}
              onChange={({ currentTarget: { checked } }) => {
                const others = channelsOf(event).filter((other) => other !== channel);
                change(event, checked ? [...others, channel] : others);
              }}
            />
          ),
        })),
        {
          header: words.chosenBy,
          render: (event) => {
            const chosenBy = events[event]?.chosenBy ?? 'default';
            const isChanged = changes[event] !== undefined;
            return (
              <Group gap="xs">
                <Text size="sm">{isChanged ? words.changed : words.choosers[chosenBy]}</Text>
                {mayChange && chosenBy === level && !isChanged && (
                  <Button size="compact-xs" variant="subtle" onClick={() => change(event, null)}>
                    {words.takeBack}
                  </Button>
                )}
              </Group>
            );
          },
        },
      ]}
    />
  );
}
