import { Button, Collapse, Group, Paper } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Trial } from '@app/api-client';
import type { UseQueryResult } from '@tanstack/react-query';
import { Waiting } from '../../layout/waiting';
import { texts } from '../../texts';
import type { Reading } from '../reading/reading';
import { ReadingEditor } from '../reading/reading-editor';
import { PreviewPanel } from './preview-panel';
import { SAMPLE_BYTES } from './sample';

interface Props {
  file: File;
  trial: UseQueryResult<Trial>;
  reading: Reading;
  onReading: (reading: Reading) => void;
}

/** What a file looks like before it is loaded, and the way to have it read differently; nothing where it was refused. */
export function FilePreview({ file, trial, reading, onReading }: Props) {
  const [isEditing, { toggle }] = useDisclosure();
  return (
    <>
      {trial.isPending && <Waiting />}
      {trial.data !== undefined && (
        <>
          <PreviewPanel trial={trial.data} isSample={file.size > SAMPLE_BYTES} />
          <Group>
            <Button variant="default" size="compact-sm" onClick={toggle} aria-expanded={isEditing}>
              {texts.preview.change}
            </Button>
          </Group>
          <Collapse expanded={isEditing}>
            {isEditing && (
              <Paper withBorder p="md">
                <ReadingEditor
                  reading={reading}
                  onReading={onReading}
                  columns={trial.data.columns}
                  roles={trial.data.roles}
                />
              </Paper>
            )}
          </Collapse>
        </>
      )}
    </>
  );
}
