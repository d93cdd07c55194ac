import { administrationTexts } from './administration';
import { codeTexts } from './codes';
import { common } from './common';
import { connectionTexts } from './connections';
import { datasetTexts } from './datasets';
import { people } from './people';
import { reportTexts } from './reports';
import { uploadTexts } from './uploads';

export { wordsOf } from './codes';

/** Every word of the page, by place. A second language is a second object of this shape. */
export const texts = {
  ...common,
  ...codeTexts,
  ...people,
  ...uploadTexts,
  ...datasetTexts,
  ...reportTexts,
  ...administrationTexts,
  ...connectionTexts,
} as const;
