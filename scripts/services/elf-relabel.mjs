/**
 * Lets a library that was linked on glibc 2.38 load on 2.36 and 2.37 (Debian 12).
 *
 * It needs 2.38 for a few symbols only: `__isoc23_strtol` and its kind, which are `strtol` and its kind plus binary
 * literals, and `fmod`, which lost its errno wrapper. All of them have been there under their old names and the base
 * version ever since, so their names and their version are pointed there, in place. Layout: ELF-64, System V gABI
 * chapters 4 and 5, and "Symbol Versioning" of the Linux Standard Base.
 */
import fs from 'node:fs';

const NEWER_VERSION = 'GLIBC_2.38';
const BASE_VERSION = process.arch === 'x64' ? 'GLIBC_2.2.5' : 'GLIBC_2.17';
const RENAMED_PREFIX = '__isoc23_';
const SAME_NAME = new Set(['fmod']);

const ELF_64_LITTLE_ENDIAN = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
const LOADABLE_SEGMENT = 1;
const DYNAMIC_SEGMENT = 2;
const TAG_STRING_TABLE = 5;
const TAG_SYMBOL_TABLE = 6;
const TAG_SYMBOL_VERSIONS = 0x6ffffff0;
const TAG_NEEDED_VERSIONS = 0x6ffffffe;
const TAG_NEEDED_VERSION_COUNT = 0x6fffffff;
const SYMBOL_BYTES = 24;
const VERSION_INDEX_MASK = 0x7fff;

/**
 * @param {string} file  changed in place
 * @returns {string[]} the symbols that were pointed at the base version
 */
export function relabel(file) {
  const image = fs.readFileSync(file);
  if (!image.subarray(0, 6).equals(ELF_64_LITTLE_ENDIAN)) {
    throw new Error(`${file} is not a 64-bit little-endian ELF file`);
  }
  const tables = readTables(image);
  const nameAt = (/** @type {number} */ offset) => {
    const start = tables.strings + offset;
    return image.toString('latin1', start, image.indexOf(0, start));
  };

  const baseName = image.indexOf(Buffer.from(`\0${BASE_VERSION}\0`, 'latin1'), tables.strings) + 1;
  if (baseName === 0) throw new Error(`${file} does not mention ${BASE_VERSION}`);
  const lowered = lowerVersions(image, tables, nameAt, baseName - tables.strings);
  if (lowered.size === 0) return [];

  const changed = [];
  for (let index = 1; tables.symbols + index * SYMBOL_BYTES < tables.symbolsEnd; index += 1) {
    const version = image.readUInt16LE(tables.versions + index * 2) & VERSION_INDEX_MASK;
    if (!lowered.has(version)) continue;
    const symbol = tables.symbols + index * SYMBOL_BYTES;
    const nameOffset = image.readUInt32LE(symbol);
    const name = nameAt(nameOffset);
    if (name.startsWith(RENAMED_PREFIX)) image.writeUInt32LE(nameOffset + RENAMED_PREFIX.length, symbol);
    else if (!SAME_NAME.has(name)) throw new Error(`${file}: ${name} really needs ${NEWER_VERSION}`);
    changed.push(name);
  }
  fs.writeFileSync(file, image);
  return changed;
}

/** @param {Buffer} image @param {number} offset */
const readOffset = (image, offset) => Number(image.readBigUInt64LE(offset));

/**
 * File offsets of the tables of dynamic linking.
 * @param {Buffer} image
 */
function readTables(image) {
  const segments = Array.from({ length: image.readUInt16LE(56) }, (_, index) => {
    const header = readOffset(image, 32) + index * image.readUInt16LE(54);
    return {
      type: image.readUInt32LE(header),
      offset: readOffset(image, header + 8),
      address: readOffset(image, header + 16),
      size: readOffset(image, header + 32),
    };
  });
  const dynamic = segments.find((segment) => segment.type === DYNAMIC_SEGMENT);
  if (dynamic === undefined) throw new Error('no dynamic segment');

  /** @type {Map<number, number>} */
  const tags = new Map();
  for (let offset = dynamic.offset; readOffset(image, offset) !== 0; offset += 16) {
    tags.set(readOffset(image, offset), readOffset(image, offset + 8));
  }
  const tag = (/** @type {number} */ key) => {
    const value = tags.get(key);
    if (value === undefined) throw new Error(`no dynamic tag ${key.toString(16)}`);
    return value;
  };
  const fileOffset = (/** @type {number} */ address) => {
    const home = segments.find(
      ({ type, address: start, size }) =>
        type === LOADABLE_SEGMENT && address >= start && address < start + size,
    );
    if (home === undefined) throw new Error(`address ${address.toString(16)} is in no segment`);
    return address - home.address + home.offset;
  };

  const strings = fileOffset(tag(TAG_STRING_TABLE));
  const symbols = fileOffset(tag(TAG_SYMBOL_TABLE));
  const versions = fileOffset(tag(TAG_SYMBOL_VERSIONS));
  return {
    strings,
    symbols,
    versions,
    // The symbol table tells no length; whichever table follows it ends it.
    symbolsEnd: Math.min(...[strings, versions].filter((offset) => offset > symbols)),
    needed: fileOffset(tag(TAG_NEEDED_VERSIONS)),
    neededCount: tag(TAG_NEEDED_VERSION_COUNT),
  };
}

/**
 * Rewrites every need of the newer version into one of the base version.
 * @param {Buffer} image
 * @param {ReturnType<typeof readTables>} tables
 * @param {(offset: number) => string} nameAt
 * @param {number} baseName  offset of the base version's name in the string table
 * @returns {Set<number>} indexes of the versions that were lowered
 */
function lowerVersions(image, tables, nameAt, baseName) {
  const lowered = new Set();
  let library = tables.needed;
  for (let index = 0; index < tables.neededCount; index += 1) {
    const versionCount = image.readUInt16LE(library + 2);
    let version = library + image.readUInt32LE(library + 8);
    for (let entry = 0; entry < versionCount; entry += 1) {
      if (nameAt(image.readUInt32LE(version + 8)) === NEWER_VERSION) {
        lowered.add(image.readUInt16LE(version + 6));
        image.writeUInt32LE(elfHash(BASE_VERSION), version);
        image.writeUInt32LE(baseName, version + 8);
      }
      version += image.readUInt32LE(version + 12);
    }
    library += image.readUInt32LE(library + 12);
  }
  return lowered;
}

/** The hash of System V's symbol tables. @param {string} name */
function elfHash(name) {
  let hash = 0;
  for (const byte of Buffer.from(name)) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = hash & 0xf0000000;
    if (high !== 0) hash ^= high >>> 24;
    hash = (hash & ~high) >>> 0;
  }
  return hash;
}
