import net from 'node:net';

// Below the range (32768 and up) that systems give to outgoing connections, above the well-known ports.
const LOWEST_PORT = 20_000;
const PORT_COUNT = 10_000;

/**
 * Listens on a loopback port, or tells that somebody else does.
 * @param {net.Server} server
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function tryListen(server, port) {
  return new Promise((resolve, reject) => {
    const failed = (/** @type {NodeJS.ErrnoException} */ error) => {
      server.off('listening', listening);
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    };
    const listening = () => {
      server.off('error', failed);
      resolve(true);
    };
    server.once('error', failed);
    server.once('listening', listening);
    server.listen(port, '127.0.0.1');
  });
}

/**
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<boolean>} whether nobody listens there
 */
export function isFree(port, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Given out by this process already, though perhaps nobody listens there yet. @type {Set<number>} */
const givenOut = new Set();

/** @returns {Promise<number>} a port nobody listens on */
export async function freePort() {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORT_COUNT);
    if (givenOut.has(port)) continue;
    givenOut.add(port);
    if (await isFree(port)) return port;
  }
}

/**
 * Ports that the same text always gives, for finding each other without a file.
 * @param {string} text
 * @returns {number[]}
 */
export function portsFor(text) {
  let hash = 0;
  for (const byte of Buffer.from(text)) hash = (hash * 31 + byte) % PORT_COUNT;
  return Array.from({ length: 8 }, (_, index) => LOWEST_PORT + ((hash + index) % PORT_COUNT));
}

/**
 * @param {number} port
 * @returns {Promise<boolean>} whether somebody accepts connections there
 */
export function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
