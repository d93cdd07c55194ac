/** A system call that has returned. */
export interface Call {
  name: string;
  /** With its arguments, descriptors as paths. */
  text: string;
}

const UNFINISHED = /^(\d+)\s+(\w+)(\(.*) <unfinished \.\.\.>$/;
const RESUMED = /^(\d+)\s+<\.\.\. (\w+) resumed>/;
const COMPLETE = /^\d+\s+(\w+)(\(.*)$/;

/**
 * The calls in `strace -f -y` output, in the order in which they returned; what is written to a socket counts from its
 * begin, as its reader may be faster than the writer.
 */
export function readTrace(output: string): Call[] {
  const calls: Call[] = [];
  const pending = new Map<string, Call>();
  for (const line of output.split('\n')) {
    const [, thread, begun, parameters] = UNFINISHED.exec(line) ?? [];
    if (thread !== undefined && begun !== undefined) {
      const call = { name: begun, text: parameters ?? '' };
      if (/^(?:write|send)/.test(begun)) calls.push(call);
      else pending.set(thread, call);
      continue;
    }
    const [, returning] = RESUMED.exec(line) ?? [];
    if (returning !== undefined) {
      const call = pending.get(returning);
      pending.delete(returning);
      if (call !== undefined) calls.push(call);
      continue;
    }
    const [, name, text] = COMPLETE.exec(line) ?? [];
    if (name !== undefined) calls.push({ name, text: text ?? '' });
  }
  return calls;
}
