/**
 * A page that shows rows without any framework: the ones in view are written into elements by hand, from an array that
 * is in memory. What a scrolling table takes at least.
 * @param {string[]} columns @param {string[][]} rows  shown again and again @param {number} count
 * @returns {string} HTML
 */
export function plainRows(columns, rows, count) {
  const data = JSON.stringify({ rows, count, columns: columns.length }).replaceAll('<', '\\u003c');
  return `<!doctype html>
<style>
  body { font: 14px sans-serif }
  [role=region] { height: 630px; overflow: auto; contain: strict }
  [role=rowgroup] { position: relative }
  [role=row] { position: absolute; display: flex; height: 28px; border-bottom: 1px solid #ddd }
  [role=cell] { flex: 0 0 160px; padding: 4px 10px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
</style>
<div role="region"><div role="rowgroup"></div></div>
<script>
  const { rows, count, columns } = ${data};
  const [scroller, body] = [document.querySelector('[role=region]'), document.querySelector('[role=rowgroup]')];
  body.style.height = count * 28 + 'px';
  const drawn = Array.from({ length: 37 }, () => {
    const row = body.appendChild(document.createElement('div'));
    row.role = 'row';
    for (let column = 0; column < columns; column++) row.appendChild(document.createElement('div')).role = 'cell';
    return row;
  });
  function draw() {
    const first = Math.max(0, Math.floor(scroller.scrollTop / 28) - 6);
    for (let index = first; index < Math.min(count, first + drawn.length); index++) {
      const row = drawn[index % drawn.length];
      if (row.ariaRowIndex === String(index + 1)) continue;
      row.ariaRowIndex = String(index + 1);
      row.style.transform = 'translateY(' + index * 28 + 'px)';
      rows[index % rows.length].forEach((text, column) => (row.children[column].textContent = text));
    }
  }
  scroller.onscroll = draw;
  draw();
</script>`;
}
