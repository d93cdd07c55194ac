const WIDTH = 30;
const LABEL_WIDTH = 8;
const REDRAW_MILLISECONDS = 60;
const CLEAR_LINE = '\r\u001B[2K';

/** One stage of the demo: a bar that moves in a terminal, one line when it is over where there is none. */
export class ProgressBar {
  #began = Date.now();
  #drawnAt = 0;

  /** @param {string} label @param {NodeJS.WriteStream} output */
  constructor(label, output) {
    this.label = label.padEnd(LABEL_WIDTH);
    this.output = output;
  }

  /**
   * @param {number} done
   * @param {number} total  0 where it is not known yet
   * @param {string} note
   */
  update(done, total, note) {
    if (!this.output.isTTY || Date.now() - this.#drawnAt < REDRAW_MILLISECONDS) return;
    this.#drawnAt = Date.now();
    const share = total > 0 ? Math.min(done / total, 1) : 0;
    this.#draw(share, `${String(Math.floor(share * 100)).padStart(3)} %  ${note}`);
  }

  /** A line of its own above the bar. @param {string} text */
  remark(text) {
    this.output.write(`${this.output.isTTY ? CLEAR_LINE : ''}  ${this.label} ${text}\n`);
  }

  /** @param {string} note @returns {number} seconds since the start */
  finish(note) {
    const seconds = (Date.now() - this.#began) / 1000;
    const line = `${note}, ${seconds.toFixed(1)} s`;
    if (this.output.isTTY) {
      this.#draw(1, line);
      this.output.write('\n');
    } else {
      this.output.write(`  ${this.label} ${line}\n`);
    }
    return seconds;
  }

  /** Leaves the bar where it is, for an error to be printed below. */
  abandon() {
    if (this.output.isTTY) this.output.write('\n');
  }

  /** @param {number} share @param {string} text */
  #draw(share, text) {
    const filled = Math.round(share * WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    const line = `  ${this.label} ${bar} ${text}`;
    this.output.write(`${CLEAR_LINE}${line.slice(0, (this.output.columns ?? 80) - 1)}`);
  }
}
