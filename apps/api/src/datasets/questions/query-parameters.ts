import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { FILTER_OPERATORS, LIST_SEPARATOR } from '@app/frames';

/** How the filters of a question are described in the OpenAPI document. */
export const ApiFilters = () =>
  applyDecorators(
    ApiQuery({
      name: 'filter',
      required: false,
      style: 'deepObject',
      explode: true,
      description: `filter[Column]=value or filter[Column][operator]=value with ${FILTER_OPERATORS.join(', ')}`,
      schema: { type: 'object', additionalProperties: true },
    }),
    ApiQuery({
      name: 'asOf',
      required: false,
      type: 'string',
      description:
        'Of datasets with computed columns, such as the age of people: the date, in UTC, for which they are computed; today by default',
    }),
  );

/** The same for the page of an answer. */
export const ApiPage = (pageSize: number, maximum: number) =>
  applyDecorators(
    ApiQuery({ name: 'page', required: false, schema: { type: 'integer', minimum: 1, default: 1 } }),
    ApiQuery({
      name: 'pageSize',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum, default: pageSize },
    }),
  );

/** What brings in linked rows. */
export const ApiLinks = () =>
  applyDecorators(
    ApiQuery({
      name: 'include',
      required: false,
      type: 'string',
      description:
        'Ids of links whose rows are nested, comma-separated; links may go on from linked datasets',
    }),
    ApiQuery({
      name: 'split',
      required: false,
      type: 'string',
      description: `Columns of text, also of linked rows, whose cells are lists: "a${LIST_SEPARATOR}b" becomes ["a", "b"]`,
    }),
  );
