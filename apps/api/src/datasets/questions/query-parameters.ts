import { applyDecorators } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { FILTER_OPERATORS } from '@app/frames';

/** How the filters of a question are described in the OpenAPI document. */
export const ApiFilters = () =>
  ApiQuery({
    name: 'filter',
    required: false,
    style: 'deepObject',
    explode: true,
    description: `filter[Column]=value or filter[Column][operator]=value with ${FILTER_OPERATORS.join(', ')}`,
    schema: { type: 'object', additionalProperties: true },
  });

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
