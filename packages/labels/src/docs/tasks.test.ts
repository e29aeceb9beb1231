import { expect, test } from '@jest/globals';
import { CATALOGUE } from '../catalogue/catalogue.js';
import { renderTasks } from './tasks.js';

test('the words that people search for lead to labels of the catalogue', () => {
  const index = renderTasks(CATALOGUE);
  for (const words of [
    'strip a prefix',
    'basic auth',
    'CORS',
    'health check',
    'allow list',
    'redirect',
    'certificate',
  ])
    expect(index).toContain(words);
  expect(index).toContain('`com.df.reqPathSearchReplace`');
});

test('a label that is not there is a mistake of ours', () => {
  expect(() => renderTasks(CATALOGUE, [{ words: 'x', labels: ['addHeader'] }])).toThrow('addHeader');
});
