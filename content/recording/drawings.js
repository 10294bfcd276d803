// Les dessins partagés : les gestes des encadrés, les icônes du bureau, le scanner et l’imprimante.
const picto = (inside) => () =>
  `<svg viewBox="0 0 58 46" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">${inside}</svg>`;
const EYE = '<path d="M4 23c12-20 38-20 50 0-12 20-38 20-50 0z" fill="#fff"/><circle cx="29" cy="23" r="7" fill="currentColor"/>';
const PICTOS = {
  souris: picto('<path d="M29 12c0-8 8-4 8-10"/><rect x="17" y="12" width="24" height="32" rx="12" fill="#fff"/><path d="M29 12v12"/>'),
  clavier: picto('<rect x="2" y="10" width="54" height="28" rx="4" fill="#fff"/><path d="M10 19h.1M19 19h.1M29 19h.1M39 19h.1M48 19h.1M14 29h30" stroke-width="5"/>'),
  voix: picto('<path d="M6 4h46v28H26L14 43V32H6z" fill="#fff"/><path d="M15 13h28M15 22h19"/>'),
  doigt: picto('<path d="M6 14h24c2-4 6-5 9-3h14v28H34c-7 0-8-5-7-8-2-2-2-5-1-6-2-2-1-4-1-5H6a3 3 0 0 1 0-6z" fill="#fff"/>'),
  oeil: picto(EYE),
  ailleurs: picto(EYE + '<path d="M8 43L50 3" stroke="#fff" stroke-width="9"/><path d="M8 43L50 3" stroke-width="4"/>'),
  mains: picto('<path d="M4 42V22M11 18V6M18 16V4M25 18V8M4 26c0-8 7-10 7-10h14v14c0 8-5 12-10 12M33 18V8M40 16V4M47 18V6M54 42V22c0-4-7-6-7-6H33v14c0 8 5 12 10 12"/>'),
  papier: picto('<path d="M14 2h22l10 10v32H14z" fill="#fff"/><path d="M36 2v10h10M21 21h18M21 29h18M21 37h10"/>'),
  telephone: picto('<rect x="18" y="2" width="22" height="42" rx="4" fill="#fff"/><path d="M27 37h4"/>'),
};
const icon = (inside) => `<svg viewBox="0 0 72 64" fill="#fff" stroke="#1f3a5f" stroke-width="4" stroke-linejoin="round">${inside}</svg>`;
const ICONS = {
  browser: icon('<rect x="4" y="6" width="64" height="52" rx="6"/><path d="M4 20h64" fill="none"/><path d="M12 13h.1M21 13h.1M30 13h.1" stroke-width="5" stroke-linecap="round"/>'),
  folder: icon('<path d="M4 12h24l6 8h34v36H4z"/><path d="M36 28v18m-8-8l8 8 8-8" fill="none"/>'),
  bin: (full) => icon('<path d="M14 20h44l-5 40H19zM10 20h52M28 20v-8h16v8"/>' + (full ? '<path d="M24 18l4-14 14 2 4 12z" fill="#fbeee8"/>' : '')),
};
const pdf = '<svg viewBox="0 0 30 38" fill="#fff" stroke="#b4471f" stroke-width="3"><path d="M2 2h18l8 8v26H2z"/><path d="M7 18h16M7 25h16"/></svg>';
const file = (name, text) => `<div class="file" data-n="${name}">${pdf}${text}</div>`;
const desktopIcon = (name, picture, text, x, y) => `<div class="icon" data-n="${name}" style="left:${x}px;top:${y}px">${picture}${text}</div>`;
const openWindow = (name, title, html, [x, y, width, height], kind = '') =>
  `<div class="win ${kind}" style="left:${x}px;top:${y}px;width:${width}px;height:${height}px"><b>${title}<u data-n="${name}">×</u></b><div>${html}</div></div>`;

// une page écrite : des lignes grises, un total en bas ; `cut` de 0 à 1 : ce qui manque en bas
const written = (x, y, width, height, { title = 'Facture', total = '', tilt = 0 } = {}) => {
  const lines = Array.from({ length: 6 }, (_, i) => `<path d="M${x + width * 0.12} ${y + height * (0.3 + i * 0.085)}h${width * (i % 3 === 2 ? 0.45 : 0.76)}"/>`).join('');
  return `<g transform="rotate(${tilt} ${x + width / 2} ${y + height / 2})"><rect x="${x}" y="${y}" width="${width}" height="${height}" fill="#fff" stroke="#333" stroke-width="3"/>
  <text x="${x + width * 0.12}" y="${y + height * 0.17}" font-size="${Math.max(20, width * 0.12)}" font-weight="700" fill="#1f3a5f">${title}</text>
  <g stroke="#999" stroke-width="4">${lines}</g>
  ${total && `<text x="${x + width * 0.12}" y="${y + height * 0.92}" font-size="${Math.max(20, width * 0.1)}" font-weight="700" fill="#222">${total}</text>`}</g>`;
};
const canvas = (inside, height = 440) => `<svg viewBox="0 0 586 ${height}" width="586" height="${height}" style="display:block">${inside}</svg>`;
// le scanner vu de dessus, couvercle relevé : `inside` est posé sur la vitre (x 150 à 436, y 190 à 400)
const scanner = (inside, closed = false) => `<rect x="106" y="${closed ? 160 : 16}" width="374" height="${closed ? 262 : 130}" rx="10" fill="${closed ? '#1f3a5f' : '#33507a'}"/>
  ${closed ? '<text x="293" y="300" font-size="24" font-weight="700" fill="#fff" text-anchor="middle">Couvercle fermé</text>' : `<rect x="106" y="152" width="374" height="270" rx="10" fill="#c9d3df" stroke="#1f3a5f" stroke-width="4"/>
  <rect x="136" y="180" width="314" height="216" fill="#eaf4fb" stroke="#1f3a5f" stroke-width="3"/>${inside}`}`;
