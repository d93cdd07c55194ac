export { chromiumPath, launch } from './chromium.js';
export { Visitor } from './visitor.js';
