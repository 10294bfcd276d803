// Usage : node record.mjs DOSSIER   (écrit DOSSIER/00000.png… ; voir README.md)
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
const out = process.argv[2], FPS = 10, SECONDS = 34, SIZE = { width: 960, height: 540 };
mkdirSync(out, { recursive: true });
const chrome = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium',
  ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', '--hide-scrollbars', `--user-data-dir=${out}/profil`],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
let last = 0, buffer = '';
const waiting = new Map();
chrome.stdio[4].on('data', (data) => {
  buffer += data;
  const parts = buffer.split('\0');
  buffer = parts.pop();
  for (const part of parts) {
    const message = JSON.parse(part);
    waiting.get(message.id)?.(message.result);
    waiting.delete(message.id);
  }
});
const call = (method, params = {}, sessionId) => new Promise((done) => {
  waiting.set(++last, done);
  chrome.stdio[3].write(JSON.stringify({ id: last, method, params, sessionId }) + '\0');
});
const { targetId } = await call('Target.createTarget', { url: new URL('page.html', import.meta.url).href });
const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
await call('Emulation.setDeviceMetricsOverride', { ...SIZE, deviceScaleFactor: 1, mobile: false }, sessionId);
await new Promise((done) => setTimeout(done, 500));
for (let i = 0; i < FPS * SECONDS; i++) {
  await call('Runtime.evaluate', { expression: `show(${i / FPS})` }, sessionId);
  const { data } = await call('Page.captureScreenshot', { format: 'png' }, sessionId);
  writeFileSync(`${out}/${String(i).padStart(5, '0')}.png`, Buffer.from(data, 'base64'));
}
await call('Browser.close');
