export { readTemplate, type Template, type TemplateOptions } from './template.js';
export { struct, TemplateError, toTemplateValue, type Value as TemplateValue } from './value.js';
