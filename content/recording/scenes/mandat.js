scene({
  seconds: 48, fps: 12, crf: 34, who: ['L’usagère', 'L’agente'],
  steps: [
    [0, 'Elle écoute, puis elle dit oui.', '« Je ferais ces démarches en votre nom. »', 'L’agente explique le mandat avec des mots simples.\nL’usagère accepte.', 'voix', 'voix'],
    [5.5, 'Elle regarde.', 'Elle entre avec son propre compte.', 'L’agente ouvre son espace d’aidante,\navec son propre compte et son code.', 'oeil', 'clavier souris'],
    [10.5, '« Le logement. Rien d’autre. »', 'Elle lit la liste à voix basse.', 'L’usagère choisit la démarche qu’elle confie,\net aucune autre.', 'voix', 'voix souris'],
    [16, '« Six mois, pour voir. »', 'Elle coche ce qui est dit.', 'L’usagère choisit la durée.', 'voix', 'souris'],
    [20.5, 'Elle prouve son identité elle-même.', 'Elle regarde ailleurs.', 'L’usagère prouve son identité elle-même.\nL’agente regarde ailleurs.', 'clavier', 'ailleurs'],
    [26.5, 'Elle suit du doigt.', 'Elle relit tout le récapitulatif.', 'On relit ensemble : la démarche, la durée,\nles droits, la façon d’arrêter.', 'oeil', 'voix'],
    [32.3, '« D’accord. »', 'Elle valide avec son code.', 'L’usagère donne son accord.\nL’agente valide avec son code à usage unique.', 'voix', 'clavier souris'],
    [38, 'Elle garde un exemplaire.', 'Elle imprime deux exemplaires.', 'Deux exemplaires sont imprimés :\nun pour l’usagère, un signé pour la maison.', 'papier', 'papier'],
    [43, '« Et si je change d’avis ? »', '« Un mot de vous, et on arrête. »', 'Le mandat s’arrête quand l’usagère le demande.', 'voix', 'voix'],
  ],
  mouse: [[8.6, 'entrer', 'click'], [13.6, 'logement', 'click'], [17.8, 'six', 'click'], [19.5, 'suite', 'click'], [25, 'identite', 'click'], [35.8, 'valider', 'click'], [39.5, 'imprimer', 'click']],
  page(t) {
    const bar = 'Espace d’aidant (page inventée)';
    if (t < 5.5) return { bar, mouse: false, html: '<h1>Un mandat, c’est quoi ?</h1><p>Une personne confie des démarches précises.</p><p>Elle choisit lesquelles, et jusqu’à quand.</p><p>Elle arrête quand elle veut.</p>' };
    if (t < 9.5) return { bar, html: '<h1>Mon espace d’aidante</h1>' + field('compte', 'Compte', 'agente de la maison') + field('code', 'Code à usage unique', dots(ramp(t, 6.2, 8, 6)), during(t, 6, 8.4)) + button('entrer', 'Entrer', 'main') };
    if (t < 20.4) return { bar, html: '<h1>Nouveau mandat</h1>' + box('logement', 'Logement', t >= 13.6) + box('impots', 'Impôts', false) + box('sante', 'Santé', false) + (t >= 16 ? '<p>Durée</p>' + box('six', 'Six mois', t >= 17.8, 'round') + box('an', 'Un an', false, 'round') + button('suite', 'Suite', 'main') : '') };
    if (t < 26) return { bar: 'Identité (page inventée)', html: '<h1>C’est à la personne</h1>' + field('mdp', 'Son mot de passe', dots(ramp(t, 21.5, 24.2, 16)), true) + button('identite', 'Prouver mon identité', 'main') };
    if (t < 37) return { bar, html: '<h1>Récapitulatif</h1>' + facts([['Pour', 'Madame Exemple'], ['Démarche', 'logement'], ['Durée', 'six mois'], ['Arrêt', 'à tout moment']]) + (t >= 32.3 ? field('usage', 'Code de l’agente', dots(ramp(t, 33, 35, 6)), t < 35.6) + button('valider', 'Valider', 'main') : '') };
    return { bar, html: '<h1>Mandat enregistré</h1><div class="ok">Logement, six mois.</div>' + button('imprimer', 'Imprimer deux fois') + (t >= 43 ? button('arret', 'Arrêter le mandat') : '') };
  },
});
