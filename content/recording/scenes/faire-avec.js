scene({
  seconds: 45, fps: 12, crf: 34,
  steps: [
    [0, 'Il écoute.', '« On change votre adresse ensemble ? »', 'Agent : « On change votre adresse ensemble,\net c’est vous qui tenez la souris. »', '', 'voix'],
    [4, '« D’accord. »', 'Il pose ses mains sur la table.', 'L’usager accepte. L’agent s’assoit à côté,\nles mains sur la table.', 'souris', 'mains'],
    [8, 'Il cherche, puis il clique.', 'Il montre du doigt, sans toucher.', 'L’agent montre où chercher.\nL’usager trouve et clique.', 'souris', 'doigt'],
    [13, 'Il ouvre la mauvaise page.', 'Il attend.', 'L’usager ouvre la mauvaise page.\nL’agent attend.', 'souris', 'mains'],
    [17, '« Ce n’est pas là. » Il revient.', '« Que voyez-vous ? »', 'Agent : « Que voyez-vous ? »\nL’usager revient de lui-même.', 'souris', 'voix'],
    [22, 'Il tape la rue.', '« La rue d’abord. »', 'Agent : « La rue d’abord. »\nPuis il se tait jusqu’à la fin.', 'clavier', 'voix'],
    [28, 'Il relit et corrige un chiffre.', 'Il laisse le temps.', 'L’usager relit la nouvelle adresse\net corrige un chiffre.', 'clavier', 'oeil'],
    [33, 'Il clique sur « Valider ».', '« C’est vous qui validez. » Il recule.', 'Agent : « C’est vous qui validez. »\nL’agent recule, l’usager clique.', 'souris', 'mains'],
    [38.2, '« On a changé ma rue. »', '« Qu’est-ce qu’on a fait ? »', 'Agent : « Qu’est-ce qu’on a fait ? »\nL’usager le dit avec ses mots.', 'voix', 'voix'],
    [42, 'Il se déconnecte.', 'Il n’a rien touché.', 'L’usager se déconnecte.\nL’agent n’a touché ni souris, ni clavier.', 'souris', ''],
  ],
  finger: [[9.5, 'coordonnees'], [12.5, null]],
  mouse: [[12, 'coordonnees', 'click'], [14.5, 'telephone', 'click'], [20.5, 'retour', 'click'], [22.5, 'rue'], [35.5, 'valider', 'click'], [43, 'sortir', 'click']],
  page(t) {
    if (t < 13) return '<h1>Mon espace</h1><p>Bonjour, Monsieur Exemple</p>' + button('messages', 'Mes messages', 'wide') + button('coordonnees', 'Mes coordonnées', 'wide') + button('papiers', 'Mes papiers', 'wide');
    if (t < 15.5) return '<h1>Mes coordonnées</h1>' + button('telephone', 'Changer de téléphone', 'wide') + button('adresse', 'Changer d’adresse', 'wide');
    if (t < 21.5) return '<h1>Changer de téléphone</h1>' + field('numero', 'Nouveau numéro', '') + button('retour', 'Revenir');
    if (t < 36.5) {
      const street = t < 29 ? typed('14 rue des Tilleuls', t, 23, 27) : (t < 31 ? '1' : '12') + ' rue des Tilleuls';
      return '<h1>Changer d’adresse</h1>' + field('rue', 'Numéro et rue', street, during(t, 22.5, 33)) + field('ville', 'Commune', 'Bourg-Exemple') + button('valider', 'Valider', 'main');
    }
    if (t < 44) return '<h1>Mes coordonnées</h1><div class="ok">Adresse changée : 12 rue des Tilleuls.</div>' + button('sortir', 'Se déconnecter');
    return '<h1>Au revoir</h1><div class="ok">Vous êtes déconnecté.</div>';
  },
});
