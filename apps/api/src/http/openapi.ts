import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { PROBLEM_STATUS } from '@app/problems';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId', 'fields'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(PROBLEM_STATUS) },
    requestId: { type: 'string' },
    fields: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
  },
};

/** Where the api's routes stand; what machines ask for without knowing the version stands outside. */
export function setPrefix(app: INestApplication): void {
  app.setGlobalPrefix('api/v1', { exclude: ['health/live', 'health/ready', 'metrics'] });
}

/** Generated from the code; `openapi.json` at the top of the repository is its reviewed copy. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('DataCore')
    .setDescription('Upload sales as CSV and learn which groups your shoppers fall into.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token or an API key.' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  addProblemResponses(document);
  freeDefaultBodies(document);
  allowNull(document);
  return document;
}

/** Every operation may answer with a problem; said once here and not on each controller. */
function addProblemResponses(document: OpenAPIObject): void {
  document.components ??= {};
  document.components.schemas ??= {};
  Object.assign(document.components.schemas, { Problem: PROBLEM_SCHEMA });
  for (const operations of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = operations[method];
      if (operation === undefined) continue;
      operation.responses['default'] = {
        description: 'A problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      };
    }
  }
}

/** A body that has a default need not be sent. */
function freeDefaultBodies(document: OpenAPIObject): void {
  for (const operations of Object.values(document.paths)) {
    for (const method of METHODS) {
      const body = operations[method]?.requestBody;
      if (body === undefined || !('content' in body)) continue;
      const schemas = Object.values(body.content).flatMap(({ schema }) => schema ?? []);
      if (schemas.some((schema) => 'default' in schema)) body.required = false;
    }
  }
}

/** By OpenAPI 3.0.3 a list of values that may be null has to name null, too. */
function allowNull(part: unknown): void {
  if (typeof part !== 'object' || part === null) return;
  const { nullable, enum: values } = part as { nullable?: unknown; enum?: unknown };
  if (nullable === true && Array.isArray(values) && !values.includes(null)) values.push(null);
  Object.values(part).forEach(allowNull);
}

/** Swagger UI at /api/docs and the document at /api/openapi.json. */
export function serveOpenApi(app: INestApplication, document: OpenAPIObject): void {
  SwaggerModule.setup('api/docs', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'DataCore API',
  });
}
