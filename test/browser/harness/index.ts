export { chromiumPath, launch } from './chromium.mjs';
export { Visitor } from './visitor.js';
