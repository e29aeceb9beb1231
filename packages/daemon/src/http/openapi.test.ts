import { expect, test } from '@jest/globals';
import { answerOf, answerWithoutBody, describeApi } from './openapi.js';

test('an API is described as OpenAPI 3.1', () => {
  expect(
    describeApi({
      title: 'Shop',
      description: 'Sells.',
      hasToken: true,
      endpoints: [
        { method: 'any', path: '/things', summary: 'All things', answers: { 200: 'Things' } },
        {
          method: 'GET',
          path: '/things/{id}',
          summary: 'One thing',
          parameters: [
            { name: 'id', description: 'Of the thing' },
            { name: 'limit', description: 'So many', schema: { type: 'integer' } },
          ],
          answers: { 200: 'The thing', 404: 'There is none' },
        },
        {
          method: 'POST',
          path: '/things/{id}',
          summary: 'Changes it',
          body: 'The new thing',
          answers: { 204: 'Done' },
          contentType: 'text/plain',
        },
      ],
    }),
  ).toEqual({
    openapi: '3.1.0',
    info: { title: 'Shop', version: '1', description: 'Sells.' },
    security: [{}, { token: [] }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: {
      '/things': {
        get: {
          summary: 'All things',
          responses: { 200: { description: 'Things', content: { 'application/json': {} } } },
        },
      },
      '/things/{id}': {
        get: {
          summary: 'One thing',
          parameters: [
            {
              name: 'id',
              in: 'path',
              required: true,
              description: 'Of the thing',
              schema: { type: 'string' },
            },
            {
              name: 'limit',
              in: 'query',
              required: false,
              description: 'So many',
              schema: { type: 'integer' },
            },
          ],
          responses: {
            200: { description: 'The thing', content: { 'application/json': {} } },
            404: { description: 'There is none' },
          },
        },
        post: {
          summary: 'Changes it',
          requestBody: { description: 'The new thing', content: { 'application/json': { schema: {} } } },
          responses: { 204: { description: 'Done', content: { 'text/plain': {} } } },
        },
      },
    },
  });
});

test('an API without a token says nothing of one', () => {
  const document = describeApi({ title: 'Shop', description: '', endpoints: [] });
  expect(Object.keys(document)).toEqual(['openapi', 'info', 'paths']);
});

test('an answer may have a schema of the description, several forms, or no body', () => {
  const document = describeApi({
    title: 'Shop',
    description: '',
    endpoints: [
      {
        method: 'PUT',
        path: '/things',
        summary: 'Takes a thing',
        parameters: [{ name: 'colour', description: 'Of the thing', example: 'red' }],
        body: { description: 'The thing', required: true, contentType: 'text/csv' },
        answers: { 200: answerOf('It is there', 'Thing'), 204: answerWithoutBody('It was there') },
      },
    ],
    schemas: { Thing: { type: 'object' } },
  });
  expect(document.components).toEqual({ schemas: { Thing: { type: 'object' } } });
  expect(document.paths['/things']?.['put']).toEqual({
    summary: 'Takes a thing',
    parameters: [
      {
        name: 'colour',
        in: 'query',
        required: false,
        description: 'Of the thing',
        schema: { type: 'string' },
        example: 'red',
      },
    ],
    requestBody: { description: 'The thing', required: true, content: { 'text/csv': {} } },
    responses: {
      200: {
        description: 'It is there',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
      },
      204: { description: 'It was there' },
    },
  });
});
