import type { TextRules } from '../label.js';

/** The proxy forgives blanks around a value, and takes an empty one for none. */
export const PROXY_TEXT: TextRules = { trim: true, emptyIsAbsent: true, unquote: true };
