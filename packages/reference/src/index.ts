export { referencePages, type ReferencePage } from './pages.js';
