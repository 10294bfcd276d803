// La scène commune. Un fichier de scenes/ appelle `scene({…})` une fois :
//   seconds  durée ; fps (20) et crf (30) pour l’encodage
//   who      les titres des deux encadrés
//   steps    [seconde, ce que fait l’usager, ce que fait l’agent, sous-titre, dessins de l’usager, dessins de l’agent]
//            les dessins sont des noms de PICTOS, séparés par une espace ; qui a « souris » tient la souris
//   mouse    [seconde, x, y] ou [seconde d’arrivée, nom d’un élément, 'click'] ; un clic dure CLICK secondes
//   finger   [seconde d’arrivée, nom d’un élément] ou [seconde, null] quand l’agent retire la main
//   page(t)  le contenu de l’écran : un texte HTML, ou { bar, address, typing, kind, mouse, html }
//   css      des retouches propres à la scène
// Un élément se nomme par data-n="…", ce que font les aides field, button, box… ci-dessous.
const q = (selector) => document.querySelector(selector);
const CLICK = 0.8, GLIDE = 0.9;
const dots = (n) => '•'.repeat(n);
const share = (t, a, b) => Math.max(0, Math.min(1, (t - a) / (b - a || 1)));
const ramp = (t, a, b, n) => Math.round(share(t, a, b) * n);
const smooth = (k) => k * k * (3 - 2 * k);
const typed = (text, t, a, b) => text.slice(0, ramp(t, a, b, text.length));
const during = (t, a, b) => t >= a && t < b;

const field = (name, label, value, on) =>
  `<label>${label}</label><div class="f${on ? ' on' : ''}" data-n="${name}">${value}</div>`;
const button = (name, text, kind = '') => `<div class="b ${kind}" data-n="${name}">${text}</div>`;
const box = (name, text, yes, kind = '') => `<div class="box ${kind}${yes ? ' yes' : ''}" data-n="${name}">${text}</div>`;
const ask = (html) => `<div class="ask">${html}</div>`;
const facts = (rows) => `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`;

let stage, drawn, mousePath, fingerPath, hits;
const MOUSE_AWAY = [548, 462], FINGER_AWAY = [980, 400];

function draw(t) {
  const made = stage.page(t), page = typeof made === 'string' ? { html: made } : made;
  const address = page.address === undefined ? '' :
    `<div class="address"><div data-n="address" class="${page.typing ? 'on' : ''}">${page.address}</div></div>`;
  q('#bar').innerHTML = page.bar ?? 'Espace d’entraînement';
  q('#site').className = page.kind ?? '';
  q('#page').innerHTML = address + page.html;
  q('#m').style.display = page.mouse === false ? 'none' : '';
}

// où va la souris, ou le bout du doigt, quand elle montre cet élément
function spot(name, t, isFinger) {
  draw(t);
  const element = q(`[data-n="${name}"]`);
  if (!element) throw new Error(`à ${t} s, l’élément « ${name} » n’est pas à l’écran`);
  const r = element.getBoundingClientRect();
  if (isFinger) return [Math.min(r.right + 4, 522), r.top + r.height / 2];
  return [r.left + Math.min(r.width * 0.7, 330), r.top + r.height * 0.6];
}

function pathOf(track, away, isFinger) {
  const path = [];
  for (const [t, to, y] of track) {
    if (typeof to === 'number') { path.push([t, to, y]); continue; }
    const end = to === null ? away : spot(to, t, isFinger), last = path.at(-1) ?? [0, ...away];
    path.push([Math.max(last[0], t - GLIDE), last[1], last[2]], [t, ...end]);
  }
  if (!path.length) path.push([0, ...away]);
  path.push([stage.seconds, ...path.at(-1).slice(1)]);
  return path;
}

function along(path, t) {
  let i = 0;
  while (i < path.length - 2 && t >= path[i + 1][0]) i++;
  const [a, b] = [path[i], path[i + 1]], e = smooth(share(t, a[0], b[0]));
  return `translate(${a[1] + (b[1] - a[1]) * e}px,${a[2] + (b[2] - a[2]) * e}px)`;
}

function scene(given) {
  stage = { fps: 20, crf: 30, who: ['L’usager', 'L’agent'], mouse: [], finger: [], css: '', ...given };
  document.head.append(Object.assign(document.createElement('style'), { textContent: stage.css }));
  q('#u b').textContent = stage.who[0];
  q('#a b').textContent = stage.who[1];
  mousePath = pathOf(stage.mouse, MOUSE_AWAY, false);
  fingerPath = pathOf(stage.finger, FINGER_AWAY, true);
  hits = stage.mouse.filter((step) => step[2] === 'click');
}

// Montre l’instant t ; dit si l’image a changé depuis le dernier appel.
function show(t) {
  draw(t);
  for (const [at, name] of hits) if (during(t, at, at + CLICK)) q(`[data-n="${name}"]`)?.classList.add('hit');
  const step = stage.steps.filter((s) => t >= s[0]).at(-1);
  q('#u span').textContent = step[1];
  q('#a span').textContent = step[2];
  ['#u', '#a'].forEach((who, i) => {
    q(`${who} i`).innerHTML = (step[4 + i] ?? '').split(' ').filter(Boolean).map((name) => PICTOS[name]()).join('');
  });
  q('#m').setAttribute('class', (step[5] ?? '').includes('souris') ? 'agent' : '');
  q('#m').style.transform = along(mousePath, t);
  q('#finger').style.transform = along(fingerPath, t);
  const now = document.body.innerHTML, changed = now !== drawn;
  drawn = now;
  return changed;
}
