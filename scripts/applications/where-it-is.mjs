/**
 * @param {string} url  of the api
 * @returns {Promise<string>} lines for a person to follow
 */
export async function whereItIs(url) {
  const places = [
    ['api', `${url}/api/v1`],
    ['docs', `${url}/api/docs`],
  ];
  const page = await fetch(url, { headers: { accept: 'text/html' } });
  await page.arrayBuffer();
  if (page.ok) places.push(['dashboard', `${url}/`]);
  return places.map(([name, address]) => `  ${name.padEnd(10)} ${address}`).join('\n');
}
