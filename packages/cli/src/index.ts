export { renderDflowPage } from './reference-page.js';
