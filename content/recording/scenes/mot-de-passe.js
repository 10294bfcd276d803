scene({
  seconds: 34, fps: 10, crf: 36,
  steps: [
    [0, 'Il écoute.', '« On change votre mot de passe ? »', 'Agent : « On change votre mot de passe ? »'],
    [2.5, '« Oui, d’accord. »', 'Il attend la réponse.', 'Usager : « Oui, d’accord. »'],
    [5, 'Il clique lui-même.', 'Il montre le bouton du doigt.', 'L’agent montre le bouton du doigt.\nL’usager clique lui-même.'],
    [8, 'Il tape son ancien mot de passe.', 'Il regarde ailleurs.', 'L’usager tape son ancien mot de passe.\nL’agent regarde ailleurs.'],
    [12, 'Il cherche une phrase à lui.', '« Une phrase longue, connue de vous seul. »', 'Agent : « Une phrase longue,\nconnue de vous seul. »'],
    [15, 'Il tape sa phrase.', 'Il regarde ailleurs.', 'L’usager tape sa phrase : 32 signes.\nL’agent regarde ailleurs.'],
    [20, 'Il la tape une seconde fois.', 'Il regarde toujours ailleurs.', 'L’usager la tape une seconde fois.\nL’agent regarde toujours ailleurs.'],
    [24.5, 'Il clique sur « Enregistrer ».', '« C’est vous qui validez. »', 'Agent : « C’est vous qui validez. »\nL’usager clique sur « Enregistrer ».'],
    [27, 'Il répond « Jamais ».', '« Le poste est partagé. »', 'Le navigateur propose de retenir le mot de passe.\nL’usager répond « Jamais » : le poste est partagé.'],
    [30, 'Il se déconnecte.', '« On ferme toujours la porte. »', 'Agent : « On ferme toujours la porte. »\nL’usager se déconnecte.'],
    [32, 'C’est fait, par lui.', 'Il n’a rien vu, rien noté.', 'C’est fait, par l’usager.\nL’agent n’a rien vu, rien noté.'],
  ],
  mouse: [[0, 520, 470], [5, 520, 470], [6.4, 170, 262], [7.6, 170, 262], [8.2, 200, 190], [11.5, 200, 190], [12, 220, 286], [19.6, 220, 286],
    [20.2, 220, 390], [24.3, 220, 390], [25.2, 120, 452], [27, 120, 452], [28, 362, 160], [29.6, 362, 160], [30.4, 140, 302]],
  css: '#bar{font-size:19px}p,label,.b{font-size:18px}.who b{font-size:17px;margin-bottom:10px}',
  page(t) {
    const hit = (a, b) => during(t, a, b) ? ' hit' : '';
    if (t < 7.6) return `<h1>Mon compte</h1><p>Titulaire : Monsieur Exemple</p><p>Dernière visite : lundi</p><br><div class="b main${hit(6.4, 7.6)}">Changer mon mot de passe</div>`;
    if (t < 26) {
      const n = ramp(t, 15.2, 19.4, 32);
      return '<h1>Changer mon mot de passe</h1>'
        + field('old', 'Ancien mot de passe', dots(ramp(t, 8.6, 11.2, 12)), during(t, 8.2, 12))
        + field('new', 'Nouveau mot de passe', dots(n), during(t, 12, 20)) + `<p>${n} signes${n >= 20 ? ' : assez long' : ''}</p>`
        + field('again', 'Le même, encore une fois', dots(ramp(t, 20.6, 24, 32)), during(t, 20, 24.5))
        + `<div class="b main${hit(25.2, 26)}">Enregistrer</div>`;
    }
    if (t < 31) return `<h1>Mon compte</h1><br><br><br><div class="ok">Mot de passe changé.</div><div class="b${hit(30.4, 31)}">Se déconnecter</div>`
      + (t < 29.2 ? ask(`<p>Retenir le mot de passe ?</p><div class="b">Oui</div><div class="b${hit(28, 29.2)}">Jamais</div>`) : '');
    return '<h1>Au revoir</h1><div class="ok">Vous êtes déconnecté.</div>';
  },
});
