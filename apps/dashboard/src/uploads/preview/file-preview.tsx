import { Button, Collapse, Group, Paper } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { Trial } from '@app/api-client';
import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
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

/** What a file looks like before it is loaded, and the way to have it read differently. */
export function FilePreview({ file, trial, reading, onReading }: Props) {
  const [isEditing, { toggle }] = useDisclosure();
  // A reading that is refused leaves the one before it in sight, from which another can be chosen.
  const [shown, setShown] = useState(trial.data);
  if (trial.data !== undefined && trial.data !== shown) setShown(trial.data);
  return (
    <>
      {trial.isPending && <Waiting />}
      {shown !== undefined && (
        <>
          <PreviewPanel trial={shown} isSample={file.size > SAMPLE_BYTES} />
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
                  columns={shown.columns}
                  roles={shown.roles}
                />
              </Paper>
            )}
          </Collapse>
        </>
      )}
    </>
  );
}
