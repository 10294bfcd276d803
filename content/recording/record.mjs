// node record.mjs SCENE DOSSIER            enregistre DOSSIER/SCENE.webm et DOSSIER/SCENE.vtt
// node record.mjs SCENE DOSSIER 3 12.5 …   n’écrit que les images de ces instants, en PNG, pour les regarder
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

const [name, out, ...instants] = process.argv.slice(2);
const SIZE = { width: 960, height: 540 };
mkdirSync(out, { recursive: true });

// Chromium, conduit par son tuyau de débogage
const profile = mkdtempSync(`${tmpdir()}/scene-`);
const chrome = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium',
  ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', '--hide-scrollbars', `--user-data-dir=${profile}`],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const closed = new Promise((done) => chrome.on('close', done));
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
const { targetId } = await call('Target.createTarget', { url: new URL(`stage.html?scene=${name}`, import.meta.url).href });
const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
const ask = async (expression) => {
  const { result, exceptionDetails } = await call('Runtime.evaluate', { expression, returnByValue: true }, sessionId);
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
};
const picture = async () =>
  Buffer.from((await call('Page.captureScreenshot', { format: 'png' }, sessionId)).data, 'base64');
await call('Emulation.setDeviceMetricsOverride', { ...SIZE, deviceScaleFactor: 1, mobile: false }, sessionId);
await new Promise((done) => setTimeout(done, 500));

try {
  const { seconds, fps, crf, steps } = await ask('({ seconds: stage.seconds, fps: stage.fps, crf: stage.crf, steps: stage.steps })');
  if (instants.length) for (const t of instants) {
    await ask(`show(${t})`);
    writeFileSync(`${out}/${name}-${String(t).padStart(4, '0')}.png`, await picture());
  } else {
    writeFileSync(`${out}/${name}.vtt`, captions(steps, seconds));
    await film(seconds, fps, crf);
  }
  warn(steps, seconds);
} finally {
  await call('Browser.close');
  await closed;
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

async function film(seconds, fps, crf) {
  const ffmpeg = spawn('nice', ['ffmpeg', '-v', 'error', '-y', '-f', 'image2pipe', '-framerate', fps, '-c:v', 'png', '-i', '-',
    '-c:v', 'libvpx-vp9', '-pix_fmt', 'yuv420p', '-b:v', '0', '-crf', crf, '-g', fps * 10, '-an', `${out}/${name}.webm`].map(String),
  { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = new Promise((done, fail) => ffmpeg.on('close', (code) => code ? fail(new Error(`ffmpeg : ${code}`)) : done()));
  let image;
  for (let i = 0; i < fps * seconds; i++) {
    if (await ask(`show(${i / fps})`) || !image) image = await picture();
    if (!ffmpeg.stdin.write(image)) await new Promise((done) => ffmpeg.stdin.once('drain', done));
  }
  ffmpeg.stdin.end();
  await ended;
}

function captions(steps, seconds) {
  const clock = (t) => `00:${String(Math.floor(t / 60)).padStart(2, '0')}:${(t % 60).toFixed(3).padStart(6, '0')}`;
  const cues = steps.map(([at, , , text], i) => {
    const end = steps[i + 1] ? steps[i + 1][0] - 0.1 : seconds;
    return `${clock(at)} --> ${clock(end)}\n${i ? '' : '[Vidéo sans son]\n'}${text}\n`;
  });
  return `WEBVTT\n\n${cues.join('\n')}`;
}

// dix mots demandent trois secondes ; un sous-titre dure de deux à six secondes
function warn(steps, seconds) {
  const words = (text) => text.split(/[\s’]+/).filter((word) => /\p{L}|\d/u.test(word)).length;
  steps.forEach(([at, user, agent], i) => {
    const lasts = (steps[i + 1]?.[0] ?? seconds) - at, needs = (words(user) + words(agent)) * 0.3;
    if (lasts < needs || lasts < 2 || lasts > 6.1) console.error(`à ${at} s : dure ${lasts.toFixed(1)} s, il faut ${needs.toFixed(1)} s de lecture`);
  });
}
