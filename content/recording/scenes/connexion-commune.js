scene({
  seconds: 44, fps: 12, crf: 34, who: ['L’usagère', 'L’agent'],
  steps: [
    [0, 'Elle veut une attestation.', '« Inutile de créer un compte. »', 'Agent : « Inutile de créer un compte. »', '', 'voix'],
    [4, 'Elle clique sur « Connexion commune ».', 'Il montre le bouton.', 'L’usagère clique sur le bouton\nde connexion commune.', 'souris', 'doigt'],
    [9, 'Elle reconnaît le sien.', '« Lequel utilisez-vous déjà ? »', 'Agent : « Lequel utilisez-vous déjà ? »\nL’usagère choisit son compte.', 'souris', 'voix'],
    [14.5, 'Elle tape son identifiant.', 'Il regarde ailleurs.', 'L’usagère tape son identifiant.\nL’agent regarde ailleurs.', 'clavier', 'ailleurs'],
    [19, 'Elle tape son mot de passe.', 'Il regarde toujours ailleurs.', 'L’usagère tape son mot de passe.\nL’agent regarde toujours ailleurs.', 'clavier', 'ailleurs'],
    [24, 'Elle lit le code, et le tape.', 'Il ne le lit pas.', 'Un code arrive sur son téléphone.\nElle le lit et le tape elle-même.', 'telephone', 'ailleurs'],
    [30, 'Elle lit, puis continue.', '« Voici ce qui est transmis. »', 'La page dit ce qui est transmis.\nL’usagère lit, puis continue.', 'oeil', 'voix'],
    [35.5, 'La voilà reconnue.', '« C’est bien votre nom ? »', 'Retour au service de départ :\nl’usagère est reconnue sous son nom.', 'oeil', 'voix'],
    [40, 'Elle se déconnecte, puis ferme tout.', 'Il vérifie avec elle.', 'À la fin, elle se déconnecte\net ferme les fenêtres privées.', 'souris', 'oeil'],
  ],
  finger: [[5.2, 'commune'], [8, null]],
  mouse: [[7.5, 'commune', 'click'], [12.5, 'compte', 'click'], [15, 'id'], [19.3, 'mdp'], [22.6, 'entrer', 'click'], [24.6, 'code'], [28.8, 'valider', 'click'], [34, 'continuer', 'click'], [41.5, 'sortir', 'click']],
  page(t) {
    if (t < 8.4) return { bar: 'Service des attestations (page inventée)', html: '<h1>Demander une attestation</h1>' + button('commune', 'Connexion commune', 'main wide') + '<p>ou</p>' + button('creer', 'Créer un compte', 'wide') };
    if (t < 13.4) return { bar: 'Connexion commune (page inventée)', html: '<h1>Choisissez votre compte</h1>' + button('poste', 'Compte Courrier', 'wide') + button('compte', 'Compte Santé', 'wide') + button('fiscal', 'Compte Fiscal', 'wide') };
    if (t < 23.5) return { bar: 'Compte Santé (page inventée)', html: '<h1>Compte Santé</h1>' + field('id', 'Identifiant', dots(ramp(t, 15.5, 18.4, 10)), during(t, 15, 19)) + field('mdp', 'Mot de passe', dots(ramp(t, 19.6, 22.2, 18)), during(t, 19.3, 22.6)) + button('entrer', 'Entrer', 'main') };
    if (t < 29.7) return { bar: 'Compte Santé (page inventée)', html: '<h1>Code reçu par téléphone</h1><p>Tapez le code que vous venez de recevoir.</p>' + field('code', 'Code à six chiffres', dots(ramp(t, 25.5, 28, 6)), true) + button('valider', 'Valider', 'main') };
    if (t < 35) return { bar: 'Connexion commune (page inventée)', html: '<h1>Informations transmises</h1>' + facts([['Nom', 'Exemple'], ['Prénom', 'Jeanne'], ['Date de naissance', '3 mars 1957']]) + button('continuer', 'Continuer', 'main') };
    if (t < 42.4) return { bar: 'Service des attestations (page inventée)', html: '<h1>Bonjour Jeanne Exemple</h1><div class="ok">Votre attestation est prête.</div>' + button('sortir', 'Se déconnecter') };
    return { bar: 'Service des attestations (page inventée)', html: '<h1>Au revoir</h1><div class="ok">Vous êtes déconnectée.</div>' };
  },
});
