/** Imported first by every script: an older Node gets one sentence in place of an error deep inside. */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`DataCore needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
