import { defineLabels } from '../label.js';
import { rawLine } from '../types/proxy/haproxy.js';
import { path, text } from '../types/text.js';
import { PROXY_TEXT } from './text-rules.js';

export const OWN_CONFIGURATION = defineLabels(
  { title: 'Configuration of your own', rules: PROXY_TEXT },
  {
    backendExtra: {
      type: rawLine,
      description: 'One line of HAProxy configuration at the end of each backend of the service.',
      example: 'http-response set-header X-Cache no',
    },
    templateFePath: {
      type: path,
      description: 'File with a Go template that replaces the generated rules of the frontend.',
      example: '/templates/my-fe.tmpl',
    },
    templateBePath: {
      type: path,
      description: 'File with a Go template that replaces the generated backends.',
      example: '/templates/my-be.tmpl',
    },
    userDef: {
      type: text,
      rules: { ...PROXY_TEXT, unquote: false },
      indexed: true,
      description: 'Free text for custom templates.',
      example: 'custom value',
    },
  },
);
