scene({
  seconds: 45, fps: 12, crf: 34, who: ['L’usager', 'L’agent'],
  steps: [
    [0, 'Il s’installe.', '« On ouvre une fenêtre privée. »', 'Agent : « On ouvre une fenêtre privée. »', '', 'voix'],
    [4, 'Il ouvre la fenêtre privée.', 'Il montre le menu.', 'L’usager ouvre une fenêtre privée.', 'souris', 'doigt'],
    [8.5, 'Il répond « Jamais ».', '« Le poste est partagé. »', 'Le navigateur propose de retenir\nle mot de passe : l’usager répond « Jamais ».', 'souris', 'voix'],
    [13.5, 'Il télécharge son attestation.', '« Toujours dans le même dossier. »', 'L’usager range son attestation\ndans un seul dossier.', 'souris', 'voix'],
    [18.5, 'Il se déconnecte.', '« De chaque site ouvert. »', 'À la fin, il se déconnecte\nde chaque site ouvert.', 'souris', 'voix'],
    [23, 'Il ferme la fenêtre.', '« Toutes les fenêtres privées. »', 'Il ferme toutes les fenêtres privées.', 'souris', 'voix'],
    [27.5, 'Il efface le fichier.', '« La fenêtre privée ne l’efface pas. »', 'Il efface le fichier téléchargé :\nla fenêtre privée ne le fait pas.', 'souris', 'voix'],
    [33, 'Il vide la corbeille.', 'Il attend la fin.', 'Il vide la corbeille.', 'souris', 'mains'],
    [37.5, 'Il reprend son original.', 'Il regarde le bac de l’imprimante.', 'Ensemble, ils regardent la vitre du scanner\net le bac de l’imprimante.', 'papier', 'oeil'],
    [42, 'Il repart avec ses papiers.', 'La place est nette.', 'Le poste est propre pour la personne suivante.', 'papier', ''],
  ],
  finger: [[5, 'privee'], [6.6, null]],
  mouse: [[7, 'privee', 'click'], [11.5, 'jamais', 'click'], [16, 'telecharger', 'click'], [20.8, 'sortir', 'click'], [25, 'fermer', 'click'], [30.5, 'effacer', 'click'], [35, 'vider', 'click']],
  page(t) {
    if (t < 8.5) return { bar: 'Le poste du public', html: '<h1>Navigateur</h1>' + button('normale', 'Nouvelle fenêtre', 'wide') + button('privee', 'Nouvelle fenêtre privée', 'wide') + button('reglages', 'Réglages', 'wide') };
    if (t < 13.5) return { bar: 'Fenêtre privée', html: '<h1>Mon espace</h1><p>Bonjour, Monsieur Exemple</p>' + (t < 12.4 ? ask('<p>Retenir le mot de passe ?</p>' + button('oui', 'Oui') + button('jamais', 'Jamais')) : '') };
    if (t < 18.5) return { bar: 'Fenêtre privée', html: '<h1>Mon espace</h1>' + button('telecharger', 'Télécharger l’attestation', 'main') + (t >= 16.8 ? '<p>Enregistrée dans « Dossier du jour »</p>' : '') };
    if (t < 26) return { bar: 'Fenêtre privée', html: (t < 21.7 ? '<h1>Mon espace</h1>' + button('sortir', 'Se déconnecter') : '<h1>Au revoir</h1><div class="ok">Vous êtes déconnecté.</div>' + button('fermer', 'Fermer la fenêtre')) };
    if (t < 33) return { bar: 'Dossier du jour', html: (t < 31.3 ? file('piece', 'attestation.pdf') + button('effacer', 'Effacer') : '<div class="ok">Le dossier est vide.</div>') };
    if (t < 37.5) return { bar: 'Corbeille', html: (t < 35.8 ? file('jete', 'attestation.pdf') + button('vider', 'Vider la corbeille') : '<div class="ok">La corbeille est vide.</div>') };
    return { bar: 'Le poste du public', mouse: false, html: '<h1>Avant de se lever</h1>' + box('scanner', 'La vitre du scanner est vide', t >= 39) + box('bac', 'Le bac de l’imprimante est vide', t >= 40.5) };
  },
});
