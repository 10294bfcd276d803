const REAL = 'remboursement.example';
scene({
  seconds: 46, fps: 12, crf: 34, who: ['L’usagère', 'L’agent'],
  css: '.b mark{background:#f3d5c8;color:#222}.big{font-size:22px;overflow-wrap:anywhere;border:2px solid #777;border-radius:8px;padding:12px;margin-bottom:14px;line-height:1.6}.big mark{background:#b4471f;color:#fff;padding:2px 4px}.big s{text-decoration:none;color:#888}.foot{position:absolute;left:0;bottom:0;background:#eef2f7;border-top:2px solid #777;border-right:2px solid #777;padding:6px 12px;font-size:20px}',
  steps: [
    [0, 'Un message promet un remboursement. Elle s’arrête.', '« On regarde avant de cliquer. »', 'Un message promet un remboursement.\nL’usagère s’arrête.', 'oeil', 'voix'],
    [5.5, 'Elle pose la flèche, sans cliquer.', '« L’adresse s’affiche en bas. »', 'Sans cliquer, elle pose la flèche sur le bouton :\nl’adresse s’affiche en bas.', 'souris', 'doigt'],
    [11, 'Elle cherche la première barre.', '« Après la barre, rien ne compte. »', 'On cherche la première barre oblique,\naprès « https:// ». La suite ne compte pas.', 'oeil', 'doigt'],
    [16.5, 'Elle lit vers la gauche.', '« Les deux derniers morceaux. »', 'De cette barre, on lit vers la gauche :\nles deux derniers morceaux sont le vrai nom.', 'oeil', 'doigt'],
    [22, '« Ce n’est pas la même ! »', '« Comparez avec le courrier. »', 'L’usagère compare avec son courrier :\nce n’est pas la même adresse.', 'papier', 'voix'],
    [27, 'Elle ferme le message.', 'Il ne touche à rien.', 'Elle ne clique pas,\net ferme le message.', 'souris', 'mains'],
    [31.5, 'Elle ouvre son favori.', '« Par le chemin habituel. »', 'Elle ouvre le site officiel\npar le favori de la maison.', 'souris', 'voix'],
    [36.5, '« Aucun remboursement. »', '« Vous avez votre réponse. »', 'Dans son espace, aucun remboursement :\nle message était faux.', 'oeil', 'voix'],
    [41, 'Elle signale, puis efface.', 'Il note le signalement.', 'Elle signale le message,\npuis l’efface.', 'souris', 'papier'],
  ],
  mouse: [[7, 'bouton'], [26, 'bouton2'], [29, 'fermer', 'click'], [33.5, 'favori', 'click'], [42.5, 'signaler', 'click'], [44.5, 'effacer', 'click']],
  page(t) {
    const address = `https://impots.gouv.fr.${REAL}/dossier`;
    const mail = (name) => '<h1>Message reçu</h1><p>Vous avez droit à 248 euros. Répondez aujourd’hui.</p>' + button(name, 'Recevoir mon argent', 'main');
    if (t < 11) return { bar: 'Messagerie (page inventée)', html: mail('bouton') + (t >= 7 ? `<div class="foot">${address}</div>` : '') };
    if (t < 27) {
      const shown = t < 16.5 ? `https://impots.gouv.fr.<wbr>${REAL}<mark>/</mark><s>dossier</s>` : `<s>https://impots.gouv.fr.</s><wbr><mark>${REAL}</mark><s>/dossier</s>`;
      return { bar: 'L’adresse, en grand', mouse: t > 25, html: `<div class="big">${shown}</div>` + (t >= 22 ? '<p>Sur le courrier officiel :</p><div class="big">www.<mark style="background:#1f3a5f">impots.gouv.fr</mark></div>' : '<p>On lit depuis la barre, vers la gauche.</p>') + '<span data-n="bouton2"></span>' };
    }
    if (t < 30) return { bar: 'Messagerie (page inventée)', html: mail('bouton3') + button('fermer', 'Fermer le message') };
    if (t < 34.4) return { bar: 'Favoris de la maison', html: '<h1>Favoris</h1>' + button('favori', 'Mon espace fiscal', 'wide') + button('f2', 'Ma caisse de retraite', 'wide') };
    if (t < 41) return { bar: 'Espace d’entraînement', html: '<h1>Mon espace fiscal</h1>' + facts([['Titulaire', 'Madame Exemple'], ['Message', 'aucun'], ['Remboursement', 'aucun']]) + '<div class="ok">Rien n’est dû, rien n’est promis.</div>' };
    return { bar: 'Messagerie (page inventée)', html: '<h1>Message suspect</h1>' + (t < 43.5 ? button('signaler', 'Signaler', 'main') : '<div class="ok">Signalement envoyé.</div>') + button('effacer', 'Effacer') };
  },
});
