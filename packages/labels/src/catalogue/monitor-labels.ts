import { defineLabels } from './label.js';

export const MONITOR_LABELS = defineLabels([]);
