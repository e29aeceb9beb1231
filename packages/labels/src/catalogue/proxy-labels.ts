import { defineLabels } from './label.js';

export const PROXY_LABELS = defineLabels([]);
