import { FileButton, Paper, Stack, Text, Button } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { formatBytes } from '../format';
import { texts } from '../texts';
import classes from './drop-zone.module.css';

interface Props {
  file: File | null;
  onFile: (file: File | null) => void;
}

export function DropZone({ file, onFile }: Props) {
  const [isOver, setIsOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped !== undefined) onFile(dropped);
  }

  return (
    <Paper
      className={classes.zone}
      data-over={isOver}
      p="xl"
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <Stack align="center" gap="xs">
        <IconFileTypeCsv size={40} stroke={1.2} aria-hidden />
        <Text fw={500}>{file === null ? texts.upload.drop : `${file.name} · ${formatBytes(file.size)}`}</Text>
        <FileButton onChange={onFile} accept=".csv,.tsv,.txt,.gz,text/csv">
          {(props) => (
            <Button variant="default" {...props}>
              {texts.upload.choose}
            </Button>
          )}
        </FileButton>
      </Stack>
    </Paper>
  );
}
