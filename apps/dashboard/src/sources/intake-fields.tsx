import { Group, Select, Switch, TagsInput, TextInput } from '@mantine/core';
import type { Source } from '@app/api-client';
import { optionsOf } from '../layout/options-of';
import { texts } from '../texts';

/** What becomes of the files that a source takes. */
export interface Intake {
  /** Undefined as long as it is left to the api. */
  mode: Source['mode'] | undefined;
  keyColumns: string[];
  /** Files of one record each, as one table. */
  isBundle: boolean;
}

const words = texts.sources;
const MODES = optionsOf(texts.upload.modes);
const BUNDLE_COLUMNS = { idColumn: 'user_id', imageColumn: 'is_image_exists', imagePathColumn: 'img_path' };

export const intakeOf = (source: Source | undefined): Intake => ({
  mode: source?.mode,
  keyColumns: source?.keyColumns ?? [],
  isBundle: source !== undefined && source.bundle !== null,
});

const hasKey = ({ mode }: Intake): boolean => mode === 'upsert' || mode === 'mirror';

/** As the api takes it: rows are told apart by a key in some modes alone. */
export function intakeBody(intake: Intake) {
  const { mode, keyColumns } = intake;
  return mode === undefined ? {} : { mode, keyColumns: hasKey(intake) ? keyColumns : [] };
}

interface Props {
  intake: Intake;
  onIntake: (intake: Intake) => void;
  /** Whether files are a bundle is said once. */
  isNew: boolean;
}

export function IntakeFields({ intake, onIntake, isNew }: Props) {
  return (
    <>
      {isNew && (
        <Switch
          label={words.bundle}
          description={words.bundleNote}
          checked={intake.isBundle}
          onChange={(event) => onIntake({ ...intake, isBundle: event.currentTarget.checked })}
        />
      )}
      {isNew && intake.isBundle && (
        <Group grow align="flex-end">
          {(Object.keys(BUNDLE_COLUMNS) as (keyof typeof BUNDLE_COLUMNS)[]).map((name) => (
            <TextInput
              key={name}
              name={name}
              label={words.bundleColumns[name]}
              defaultValue={BUNDLE_COLUMNS[name]}
              required
            />
          ))}
        </Group>
      )}
      <Select
        label={texts.upload.mode}
        placeholder={intake.isBundle ? texts.upload.modes.mirror : texts.upload.modes.append}
        data={MODES}
        value={intake.mode ?? null}
        onChange={(mode) => mode !== null && onIntake({ ...intake, mode })}
        allowDeselect={false}
      />
      {hasKey(intake) && (
        <TagsInput
          label={texts.upload.keyColumns}
          description={words.keyColumnsNote}
          value={intake.keyColumns}
          onChange={(keyColumns) => onIntake({ ...intake, keyColumns })}
        />
      )}
    </>
  );
}
