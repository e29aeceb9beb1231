import { defineLabels } from './label.js';

export const SCALER_LABELS = defineLabels([]);
