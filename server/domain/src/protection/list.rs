//! The list. Whoever adds a table or a column says here what it holds of people, or that it holds nothing: a test walks
//! the schema of both databases and refuses what is not said.

use super::{Basis, Class, Column, Erased, Kept, Part, Past, Shown};

const fn plain(name: &'static str, label: &'static str) -> Column {
    Column { name, shown: Shown::Plain(label) }
}

const fn instant(name: &'static str, label: &'static str) -> Column {
    Column { name, shown: Shown::Instant(label) }
}

const fn flag(name: &'static str, label: &'static str) -> Column {
    Column { name, shown: Shown::Flag(label) }
}

const fn json(name: &'static str, label: &'static str) -> Column {
    Column { name, shown: Shown::Json(label) }
}

const fn somebody(name: &'static str, label: &'static str) -> Column {
    Column { name, shown: Shown::Person(label) }
}

const fn someone(name: &'static str, label: &'static str) -> Column {
    Column { name, shown: Shown::Someone(label) }
}

const fn room(name: &'static str, label: &'static str) -> Column {
    Column { name, shown: Shown::Room(label) }
}

const fn secret(name: &'static str, why: &'static str) -> Column {
    Column { name, shown: Shown::Secret(why) }
}

const fn own(name: &'static str) -> Column {
    Column { name, shown: Shown::Own }
}

const fn free(name: &'static str) -> Column {
    Column { name, shown: Shown::Free }
}

/// The number of the person whose row it is.
const OWN: Column = own("person_id");

/// Rows that are somebody's by that very column.
const HIS: &str = "person_id = {person}";

/// Accounts erased whose last result is past the term of what proves it.
const PROOF_PAST: Past = Past::People("p.proof_from < {before}");

const PROOF_TERM: Kept = Kept::For {
    setting: "SOCLE_RETENTION_EVIDENCE",
    from: "après le dernier résultat, une fois le compte effacé",
    past: PROOF_PAST,
};

/// Tables that hold nothing of anybody, and what they hold.
pub const FREE: &[(&str, &str)] = &[
    ("maison", "les maisons, qui sont des lieux"),
    ("course_version", "les cours publiés"),
    ("course_file", "les fichiers des cours"),
    ("blob", "les fichiers des cours"),
    ("passage", "l’index de recherche des cours"),
    ("pathway", "les parcours publiés"),
    ("syllabus", "ce que comporte chaque cours"),
    ("webinar_kit", "les supports des webinaires"),
    ("cohort_webinar", "les webinaires de chaque cohorte"),
    ("cohort_classroom", "les sessions en salle de chaque cohorte"),
    ("presence_closing", "les heures de direct des webinaires"),
    ("signing_key", "les clés qui signent les certificats"),
    ("rules_applied", "les règles déjà appliquées à tous"),
    ("audit_chain", "les deux bouts du journal"),
    ("retention_night", "les nuits faites"),
    ("retention_line", "combien de lignes chaque nuit a effacées"),
    ("statement_trait", "l’index des énoncés xAPI, fait d’empreintes"),
    ("statement_target", "quels énoncés xAPI en visent d’autres"),
    ("statement_reach", "quels énoncés xAPI en visent d’autres, de proche en proche"),
    ("activity_definition", "les activités que les énoncés xAPI décrivent"),
    ("attachment", "les fichiers joints aux énoncés xAPI, sans nom\u{a0}: leur empreinte les désigne"),
    ("seaql_migrations", "l’état du schéma"),
];

/// Every class there is.
pub const CLASSES: &[Class] = &[
    ACCOUNT,
    INVITATIONS,
    SESSIONS,
    READING,
    ANSWERS,
    PROGRESS,
    EVIDENCE,
    ELSEWHERE,
    DISPUTES,
    CERTIFICATES,
    ROOMS,
    AUTHORED,
    MESSAGES,
    MAILS,
    IMPORTS,
    AUDIT,
];

const ACCOUNT: Class = Class {
    slug: "compte",
    name: "Compte",
    what: "Prénom, nom, adresse électronique, maisons et absences, rôles, temps supplémentaire accordé, empreinte du mot de passe (jamais le mot de passe)",
    purpose: "Ouvrir votre compte, vérifier que c’est bien vous, établir votre dossier à votre nom",
    basis: Basis::PublicTask,
    seen_by: "Administrateurs\u{a0}; nom et maison\u{a0}: qui suit votre formation",
    kept: Kept::For {
        setting: "SOCLE_RETENTION_ACCOUNTS",
        from: "sans connexion, puis un mois après vous en avoir prévenu",
        past: Past::Accounts(
            "COALESCE(p.seen_at, p.created_at) < {before} AND p.erased_at IS NULL AND NOT EXISTS \
             (SELECT 1 FROM role_grant g WHERE g.person_id = p.id AND g.role = 'administrator') AND NOT EXISTS \
             (SELECT 1 FROM merge m WHERE m.person_id = p.id)",
        ),
    },
    erasure: "Nom et adresse sont remplacés par un pseudonyme\u{a0}; rôles, maison et mot de passe sont effacés",
    source: "Conservation limitée (RGPD, art.\u{a0}5, 1, e)\u{a0}: trois ans sans connexion disent que le compte ne sert plus",
    parts: &[
        Part {
            table: "role_grant",
            name: "Rôles",
            whose: HIS,
            columns: &[OWN, plain("role", "Rôle"), plain("scope", "Portée")],
            past: None,
            erased: Erased::Deleted,
        },
        Part {
            table: "credential",
            name: "Mot de passe",
            whose: HIS,
            columns: &[
                OWN,
                secret("password_hash", "l’empreinte du mot de passe, qui ne sert qu’à le vérifier"),
                instant("changed_at", "Choisi le"),
            ],
            past: None,
            erased: Erased::Deleted,
        },
        Part {
            table: "posting",
            name: "Affectations et absences",
            whose: HIS,
            columns: &[
                OWN,
                plain("from_on", "À partir du"),
                plain("state", "Situation"),
                plain("maison_id", "Numéro de la maison"),
                plain("reason", "Raison"),
                somebody("by_id", "Inscrit par"),
                instant("at", "Inscrit le"),
                free("id"),
                free("settled"),
            ],
            past: None,
            erased: Erased::Deleted,
        },
        Part {
            table: "person",
            name: "Identité",
            whose: "id = {person}",
            columns: &[
                plain("id", "Numéro"),
                plain("email", "Adresse électronique"),
                plain("first_name", "Prénom"),
                plain("last_name", "Nom"),
                plain("maison_id", "Numéro de la maison"),
                plain("away", "Absence en cours"),
                instant("created_at", "Compte ouvert le"),
                instant("seen_at", "Dernière connexion"),
                instant("suspended_at", "Suspendu le"),
                plain("extra_time", "Temps en plus aux quiz (%)"),
                flag("demonstration", "Compte de démonstration"),
                instant("warned_at", "Prévenu de l’effacement le"),
                instant("erased_at", "Effacé le"),
                instant("proof_from", "Dernier résultat, à l’effacement"),
            ],
            past: None,
            erased: Erased::Remade,
        },
    ],
};

const INVITATIONS: Class = Class {
    slug: "invitations",
    name: "Liens d’invitation",
    what: "Date de chaque lien d’invitation, de son utilisation, de son expiration",
    purpose: "Vous laisser choisir votre mot de passe, une seule fois par lien",
    basis: Basis::PublicTask,
    seen_by: "Personne",
    kept: Kept::For { setting: "SOCLE_RETENTION_INVITATIONS", from: "après l’expiration du lien", past: Past::Rows },
    erasure: "Effacés",
    source: "Minimisation (RGPD, art.\u{a0}5, 1, c)\u{a0}: un lien mort ne sert plus",
    parts: &[Part {
        table: "invitation",
        name: "Liens d’invitation",
        whose: HIS,
        columns: &[
            OWN,
            secret("token_hash", "l’empreinte du lien, qui ne sert qu’à le reconnaître"),
            instant("created_at", "Créé le"),
            instant("expires_at", "Expire le"),
            instant("used_at", "Utilisé le"),
        ],
        past: Some("expires_at < {before}"),
        erased: Erased::Deleted,
    }],
};

const SESSIONS: Class = Class {
    slug: "sessions",
    name: "Sessions ouvertes",
    what: "Dates d’ouverture et de dernière activité de chaque session",
    purpose: "Rester connecté, et pouvoir fermer une session oubliée",
    basis: Basis::PublicTask,
    seen_by: "Administrateurs",
    kept: Kept::For {
        setting: "SOCLE_SESSION_MAX_DAYS",
        from: "après l’ouverture, et plus tôt sans activité",
        past: Past::Rows,
    },
    erasure: "Fermées et effacées",
    source: "CNIL, délibération 2022-100 du 21 juillet 2022 sur les mots de passe",
    parts: &[Part {
        table: "session",
        name: "Sessions",
        whose: HIS,
        columns: &[
            OWN,
            secret("token_hash", "l’empreinte de la session, qui ne sert qu’à reconnaître votre navigateur"),
            instant("created_at", "Ouverte le"),
            instant("seen_at", "Dernière activité"),
        ],
        past: Some("created_at < {before}"),
        erased: Erased::Deleted,
    }],
};

const READING: Class = Class {
    slug: "lecture",
    name: "Traces de lecture",
    what: "Sections marquées comme lues, endroit où vous vous êtes arrêté",
    purpose: "Reprendre où vous en étiez",
    basis: Basis::PublicTask,
    seen_by: "Personne",
    kept: Kept::For { setting: "SOCLE_RETENTION_READING", from: "après la lecture", past: Past::Rows },
    erasure: "Effacées",
    source: "Minimisation (RGPD, art.\u{a0}5, 1, c et e)\u{a0}: une fois le chapitre inscrit au dossier, la trace brute ne prouve rien de plus",
    parts: &[
        Part {
            table: "section_read",
            name: "Sections lues",
            whose: HIS,
            columns: &[
                OWN,
                plain("course", "Cours"),
                plain("chapter", "Chapitre"),
                plain("section", "Section"),
                instant("read_at", "Lue le"),
            ],
            past: Some("read_at < {before}"),
            erased: Erased::Deleted,
        },
        Part {
            table: "reading_position",
            name: "Dernier endroit lu",
            whose: HIS,
            columns: &[
                OWN,
                plain("course", "Cours"),
                plain("chapter", "Chapitre"),
                plain("anchor", "Passage"),
                instant("saved_at", "Le"),
            ],
            past: Some("saved_at < {before}"),
            erased: Erased::Deleted,
        },
    ],
};

const ANSWERS: Class = Class {
    slug: "reponses",
    name: "Réponses aux quiz",
    what: "Ce que vous avez répondu à chaque question",
    purpose: "Calculer vos résultats et vous montrer le corrigé",
    basis: Basis::PublicTask,
    seen_by: "Personne",
    kept: Kept::Account,
    erasure: "Effacées\u{a0}; les résultats restent, avec les preuves de la formation",
    source: "Le corrigé vous reste utile tant que vous pouvez vous connecter",
    parts: &[Part {
        table: "answer",
        name: "Réponses",
        whose: "attempt_id IN (SELECT id FROM attempt WHERE person_id = {person})",
        columns: &[
            plain("attempt_id", "Essai"),
            plain("question", "Question"),
            json("body", "Réponse"),
            plain("revision", "Fois modifiée"),
            instant("received_at", "Reçue le"),
            free("saying_id"),
        ],
        past: None,
        erased: Erased::Deleted,
    }],
};

const PROGRESS: Class = Class {
    slug: "avancement",
    name: "Avancement",
    what: "Où vous en êtes dans chaque cours, tiré de votre dossier\u{a0}; les cohortes avec lesquelles vous le suivez",
    purpose: "Vous accompagner, vous relancer, et compter ce qui est fait sur le territoire",
    basis: Basis::PublicTask,
    seen_by: "Responsables et pilotes de votre territoire, formateurs de vos cours",
    kept: Kept::Account,
    erasure: "Effacé\u{a0}; vous n’êtes plus compté",
    source: "Tiré du dossier, et refait à partir de lui",
    parts: &[
        Part {
            table: "chapter_standing",
            name: "Quiz de chaque chapitre",
            whose: HIS,
            columns: &[
                OWN,
                plain("course", "Cours"),
                plain("chapter", "Chapitre"),
                plain("attempts", "Essais"),
                plain("passed", "Réussi"),
                plain("best", "Meilleure note (%)"),
            ],
            past: None,
            erased: Erased::Deleted,
        },
        Part {
            table: "enrolment",
            name: "Avancement dans chaque cours",
            whose: HIS,
            columns: &[
                OWN,
                plain("course", "Cours"),
                plain("name", "Nom, pour le tri"),
                plain("search", "Nom et lieu, pour la recherche"),
                plain("maison_id", "Numéro de la maison"),
                plain("departement", "Département"),
                plain("active", "Compté"),
                instant("enrolled_at", "Inscription"),
                plain("begun", "Commencé"),
                plain("chapters", "Chapitres acquis"),
                plain("minutes", "Minutes à distance"),
                plain("minutes_live", "Minutes en direct"),
                plain("webinars", "Webinaires tenus"),
                plain("webinars_met", "Webinaires au seuil"),
                instant("mooc_at", "MOOC terminé le"),
                instant("webinar_at", "Webinaire suivi le"),
                instant("done_at", "Terminé le"),
                plain("done_on", "Jour où tout est terminé"),
                instant("last_at", "Dernier résultat"),
                plain("cohort_id", "Cohorte"),
                instant("due_at", "À terminer avant le"),
                free("stale"),
            ],
            past: None,
            erased: Erased::Deleted,
        },
        Part {
            table: "cohort_member",
            name: "Cohortes",
            whose: HIS,
            columns: &[
                OWN,
                plain("cohort_id", "Cohorte"),
                plain("course", "Cours"),
                somebody("added_by", "Ajouté par"),
                instant("added_at", "Ajouté le"),
                instant("left_at", "Quittée le"),
            ],
            past: None,
            erased: Erased::Deleted,
        },
        Part {
            table: "statement_backlog",
            name: "Lignes à énoncer en xAPI",
            whose: HIS,
            columns: &[OWN, plain("done", "Énoncées"), plain("last", "En tout")],
            past: None,
            erased: Erased::Deleted,
        },
    ],
};

const EVIDENCE: Class = Class {
    slug: "preuves",
    name: "Preuves de la formation",
    what: "Résultats datés (chapitres, quiz, évaluations, dispenses), présences aux webinaires et en salle, signatures, inscriptions",
    purpose: "Attester la formation suivie\u{a0}; pièces à présenter en cas de contrôle",
    basis: Basis::LegalObligation,
    seen_by: "Qui suit votre formation\u{a0}: formateurs de vos cours, responsable de votre maison, pilotes, administrateurs",
    kept: PROOF_TERM,
    erasure: "Gardées sous pseudonyme jusqu’à leur terme, puis effacées",
    source: "Code du travail, art.\u{a0}R.\u{a0}6313-3 («\u{a0}tout élément probant\u{a0}»)\u{a0}; pièces à garder six ans, dix si un fonds européen cofinance",
    parts: &[
        Part {
            table: "attempt",
            name: "Essais aux quiz",
            whose: HIS,
            columns: &[
                OWN,
                plain("id", "Essai"),
                plain("course", "Cours"),
                plain("chapter", "Chapitre ou quiz"),
                plain("number", "Numéro"),
                instant("started_at", "Commencé le"),
                instant("deadline_at", "À rendre avant"),
                instant("handed_in_at", "Rendu le"),
                plain("earned", "Centièmes de point obtenus"),
                plain("max", "Centièmes de point possibles"),
                free("version_id"),
                free("seed"),
                free("questions"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "presence_interval",
            name: "Présences relevées aux webinaires",
            whose: HIS,
            columns: &[
                OWN,
                plain("webinar_id", "Webinaire"),
                instant("from_at", "De"),
                instant("to_at", "À"),
                someone("beside_id", "À deux devant un écran"),
                free("id"),
                free("tab"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "webinar_registration",
            name: "Inscriptions aux webinaires",
            whose: HIS,
            columns: &[OWN, plain("webinar_id", "Webinaire"), instant("at", "Le"), plain("status", "État")],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "classroom_mark",
            name: "Feuilles de présence en salle",
            whose: HIS,
            columns: &[
                OWN,
                plain("classroom_id", "Session"),
                plain("half_day", "Demi-journée"),
                instant("signed_at", "Signée le"),
                flag("said", "Présence notée"),
                somebody("said_by", "Par"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "classroom_roster",
            name: "Sessions en salle",
            whose: HIS,
            columns: &[OWN, plain("classroom_id", "Session"), instant("added_at", "Inscrit le")],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "fact",
            name: "Faits inscrits au dossier",
            whose: HIS,
            columns: &[
                OWN,
                plain("seq", "Rang"),
                instant("at", "Le"),
                somebody("author_id", "Inscrit par"),
                json("body", "Ce qui est inscrit"),
                plain("hash", "Empreinte"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "record",
            name: "Dossier",
            whose: HIS,
            columns: &[
                OWN,
                plain("seq", "Nombre de faits"),
                plain("hash", "Empreinte"),
                json("body", "Résumé"),
                instant("updated_at", "Dernier fait"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "statement",
            name: "Les mêmes faits, énoncés en xAPI",
            whose: HIS,
            columns: &[
                OWN,
                plain("fact_seq", "Rang du fait"),
                instant("stored_at", "Le"),
                flag("voided", "Annulé"),
                free("seq"),
                free("verb"),
                free("activity"),
                free("size"),
                free("voids"),
                free("id"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "merge",
            name: "Comptes réunis au vôtre",
            whose: "into_id = {person}",
            columns: &[
                own("into_id"),
                plain("person_id", "Numéro de l’autre compte"),
                plain("facts", "Faits apportés"),
                instant("at", "Le"),
                somebody("by_id", "Par"),
                free("key"),
            ],
            past: None,
            erased: Erased::Kept,
        },
    ],
};

const ELSEWHERE: Class = Class {
    slug: "autres-plateformes",
    name: "Énoncés d’autres plateformes",
    what: "Ce que d’autres plateformes de formation, par un jeton, disent de vous sous votre adresse électronique (xAPI)",
    purpose: "Réunir ce que vous suivez ailleurs",
    basis: Basis::PublicTask,
    seen_by: "Les plateformes à qui un jeton l’ouvre",
    kept: Kept::Account,
    erasure: "Effacés",
    source: "Minimisation (RGPD, art.\u{a0}5, 1, c)\u{a0}: ce sont des copies, la plateforme qui les a dits garde les siens",
    parts: &[
        Part {
            table: "statement",
            name: "Énoncés",
            whose: "body LIKE (SELECT '%mailto:' || email || '%' FROM person WHERE id = {person})",
            columns: &[instant("stored_at", "Le"), json("body", "Ce qui est dit")],
            past: None,
            erased: Erased::Deleted,
        },
        Part {
            table: "document",
            name: "Documents",
            whose: "agent LIKE (SELECT '%mailto:' || email || '%' FROM person WHERE id = {person})",
            columns: &[
                plain("agent", "De"),
                plain("activity", "Activité"),
                plain("name", "Nom"),
                plain("content_type", "Forme"),
                instant("updated_at", "Le"),
                secret("content", "ce que l’autre plateforme a gardé, dans une forme qui est la sienne"),
                free("id"),
                free("place"),
                free("registration"),
                free("tag"),
            ],
            past: None,
            erased: Erased::Deleted,
        },
    ],
};

const DISPUTES: Class = Class {
    slug: "contestations",
    name: "Contestations",
    what: "Lignes du dossier que vous contestez, ce que vous en dites, la réponse",
    purpose: "Vous répondre, et garder la trace de l’échange",
    basis: Basis::PublicTask,
    seen_by: "Formateurs du cours, administrateurs",
    kept: PROOF_TERM,
    erasure: "Vos mots sont effacés\u{a0}; la date et l’état de la contestation restent avec la preuve",
    source: "RGPD, art.\u{a0}16 et 12\u{a0}: la rectification demandée et la réponse due accompagnent la ligne contestée",
    parts: &[Part {
        table: "dispute",
        name: "Contestations",
        whose: HIS,
        columns: &[
            OWN,
            plain("seq", "Ligne du dossier"),
            plain("course", "Cours"),
            plain("said", "Vos mots"),
            instant("at", "Le"),
            plain("answer", "Réponse"),
            somebody("answered_by", "Par"),
            instant("answered_at", "Répondu le"),
        ],
        past: None,
        erased: Erased::Rewritten(
            "said = '(texte effacé)', answer = CASE WHEN answer IS NULL THEN NULL ELSE '(texte effacé)' END",
        ),
    }],
};

const CERTIFICATES: Class = Class {
    slug: "certificats",
    name: "Certificats",
    what: "Votre nom, votre maison, ce qui a été suivi, les dates et les heures",
    purpose: "Attester la formation\u{a0}; permettre à qui tient le papier de le vérifier, par son numéro",
    basis: Basis::LegalObligation,
    seen_by: "Qui suit votre formation\u{a0}; qui connaît le numéro inscrit sur le papier",
    kept: Kept::For {
        setting: "SOCLE_RETENTION_CERTIFICATES",
        from: "après le dernier résultat, une fois le compte effacé",
        past: PROOF_PAST,
    },
    erasure: "Gardés et signés à nouveau sans nom ni maison\u{a0}; la page de vérification ne dit plus qui",
    source: "Arrêté du 21 décembre 2018 et Code du travail, art.\u{a0}R.\u{a0}6332-26\u{a0}; dix ans si un fonds européen cofinance",
    parts: &[Part {
        table: "certificate",
        name: "Certificats",
        whose: HIS,
        columns: &[
            OWN,
            plain("number", "Numéro"),
            plain("pathway", "Parcours"),
            plain("award", "Titre"),
            json("body", "Ce qu’il dit"),
            plain("signature", "Signature"),
            plain("key", "Clé"),
            instant("issued_at", "Délivré le"),
            instant("withdrawn_at", "Retiré le"),
        ],
        past: None,
        erased: Erased::Remade,
    }],
};

const ROOMS: Class = Class {
    slug: "salles",
    name: "Paroles et gestes en webinaire",
    what: "Messages, questions, votes, mains levées, réponses aux quiz en direct",
    purpose: "Tenir la salle, y revenir après une coupure, en tirer les résultats",
    basis: Basis::PublicTask,
    seen_by: "Participants de la salle\u{a0}; votes et réponses\u{a0}: formateurs",
    kept: Kept::For { setting: "SOCLE_RETENTION_ROOMS", from: "après la fin du webinaire", past: Past::Rows },
    erasure: "Vos mots sont effacés, votre nom remplacé par un pseudonyme",
    source: "Minimisation (RGPD, art.\u{a0}5, 1, e)\u{a0}: les résultats sont au dossier dès la fin du webinaire",
    parts: &[Part {
        table: "webinar_change",
        name: "Ce que vous avez dit et fait",
        whose: "webinar_id IN (SELECT webinar_id FROM webinar_registration WHERE person_id = {person} \
                UNION SELECT webinar_id FROM webinar_trainer WHERE person_id = {person} \
                UNION SELECT webinar_id FROM presence_interval WHERE person_id = {person}) \
                AND body LIKE '{\"by\":{\"person\":' || {person} || ',%'",
        columns: &[
            plain("webinar_id", "Webinaire"),
            instant("at", "Le"),
            room("body", "Quoi"),
            free("seq"),
            free("act"),
        ],
        past: Some("webinar_id IN (SELECT id FROM webinar WHERE closed_at < {before})"),
        erased: Erased::Remade,
    }],
};

const AUTHORED: Class = Class {
    slug: "pour-d-autres",
    name: "Ce que vous avez fait pour d’autres",
    what: "Webinaires et sessions que vous menez, lignes que vous avez inscrites, corrigées ou commentées",
    purpose: "Savoir qui a inscrit quoi, et pouvoir l’expliquer",
    basis: Basis::LegalObligation,
    seen_by: "La personne concernée et qui suit sa formation",
    kept: Kept::Account,
    erasure: "Gardé avec les preuves de ces autres personnes, sous votre pseudonyme",
    source: "Une preuve dit qui l’a établie (Code du travail, art.\u{a0}R.\u{a0}6313-3)",
    parts: &[
        Part {
            table: "webinar",
            name: "Webinaires prévus par vous",
            whose: "created_by = {person}",
            columns: &[
                own("created_by"),
                plain("title", "Titre"),
                plain("description", "Présentation"),
                instant("starts_at", "Début"),
                instant("created_at", "Prévu le"),
                plain("cancelled_why", "Raison de l’annulation"),
                free("id"),
                free("course"),
                free("kit"),
                free("minutes"),
                free("capacity"),
                free("threshold"),
                free("audience"),
                free("live_at"),
                free("closed_at"),
                free("cancelled_at"),
                free("sequence"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "webinar_trainer",
            name: "Webinaires menés par vous",
            whose: HIS,
            columns: &[OWN, plain("webinar_id", "Webinaire")],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "classroom",
            name: "Sessions en salle prévues par vous",
            whose: "created_by = {person}",
            columns: &[
                own("created_by"),
                plain("place", "Lieu"),
                instant("created_at", "Prévue le"),
                plain("id", "Session"),
                free("pathway"),
                free("component"),
                free("course"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "cohort",
            name: "Cohortes créées par vous",
            whose: "created_by = {person}",
            columns: &[
                own("created_by"),
                plain("name", "Nom"),
                instant("created_at", "Créée le"),
                instant("called_off_at", "Annulée le"),
                plain("called_off_why", "Raison de l’annulation"),
                plain("id", "Cohorte"),
                free("course"),
                free("from_on"),
                free("to_on"),
                free("capacity"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "cohort_trainer",
            name: "Cohortes suivies par vous",
            whose: HIS,
            columns: &[OWN, plain("cohort_id", "Cohorte")],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "cohort_member",
            name: "Membres de cohortes ajoutés par vous",
            whose: "added_by = {person}",
            columns: &[plain("cohort_id", "Cohorte"), instant("added_at", "Le")],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "classroom_half_day",
            name: "Feuilles de présence closes par vous",
            whose: "closed_by = {person}",
            columns: &[
                own("closed_by"),
                plain("classroom_id", "Session"),
                plain("half_day", "Demi-journée"),
                instant("closed_at", "Close le"),
                secret("secret", "ce qui fait les codes montrés en salle"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "classroom_mark",
            name: "Présences en salle notées par vous",
            whose: "said_by = {person}",
            columns: &[plain("classroom_id", "Session"), plain("half_day", "Demi-journée")],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "fact",
            name: "Lignes inscrites par vous dans d’autres dossiers",
            whose: "author_id = {person}",
            columns: &[instant("at", "Le"), plain("hash", "Empreinte")],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "dispute",
            name: "Contestations auxquelles vous avez répondu",
            whose: "answered_by = {person}",
            columns: &[instant("answered_at", "Le"), plain("answer", "Votre réponse")],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "posting",
            name: "Affectations et absences inscrites par vous",
            whose: "by_id = {person}",
            columns: &[instant("at", "Le"), plain("state", "Situation")],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "merge",
            name: "Comptes réunis par vous",
            whose: "by_id = {person}",
            columns: &[instant("at", "Le")],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "token",
            name: "Jetons d’accès créés par vous",
            whose: "created_by = {person}",
            columns: &[
                own("created_by"),
                plain("name", "Nom"),
                plain("scopes", "Ce qu’il ouvre"),
                instant("created_at", "Créé le"),
                instant("expires_at", "Expire le"),
                instant("revoked_at", "Révoqué le"),
                instant("used_at", "Dernier usage"),
                secret("secret_hash", "l’empreinte du jeton, qui ne sert qu’à le reconnaître"),
                free("id"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "webhook",
            name: "Webhooks créés par vous",
            whose: "created_by = {person}",
            columns: &[
                own("created_by"),
                plain("url", "Adresse"),
                plain("kinds", "Ce qui est annoncé"),
                instant("created_at", "Créé le"),
                instant("disabled_at", "Désactivé le"),
                secret("secret", "le secret qui signe ses messages"),
                free("id"),
            ],
            past: None,
            erased: Erased::Kept,
        },
        Part {
            table: "import",
            name: "Fichiers importés par vous",
            whose: "author_id = {person}",
            columns: &[
                own("author_id"),
                plain("file_name", "Fichier"),
                instant("created_at", "Le"),
                instant("applied_at", "Importé le"),
                json("outcome", "Résultat"),
                plain("cohort_id", "Cohorte"),
            ],
            past: None,
            erased: Erased::Kept,
        },
    ],
};

const MESSAGES: Class = Class {
    slug: "messages",
    name: "Messages à d’autres systèmes",
    what: "Annonces d’un fait ou d’un certificat, par votre numéro et sans votre nom, aux systèmes que l’administration a choisis",
    purpose: "Tenir ces systèmes à jour, et savoir ce qui leur a été dit",
    basis: Basis::PublicTask,
    seen_by: "Administrateurs\u{a0}; systèmes destinataires, par leur adresse",
    kept: Kept::For { setting: "SOCLE_RETENTION_MAILS", from: "après l’envoi ou l’abandon", past: Past::Rows },
    erasure: "Gardés jusqu’à leur terme\u{a0}: ils ne vous nomment que par un numéro",
    source: "Minimisation (RGPD, art.\u{a0}5, 1, e)\u{a0}: le temps de constater qu’un message s’est perdu",
    parts: &[Part {
        table: "webhook_delivery",
        name: "Messages à d’autres systèmes",
        whose: "body LIKE '%\"person\":' || {person} || ',%' OR body LIKE '%\"person\":' || {person} || '}%'",
        columns: &[
            plain("kind", "Sorte"),
            json("body", "Message"),
            instant("created_at", "Écrit le"),
            instant("delivered_at", "Envoyé le"),
            instant("given_up_at", "Abandonné le"),
            free("id"),
            free("webhook_id"),
            free("send_after"),
            free("attempts"),
            free("status"),
            free("failure"),
        ],
        past: Some("delivered_at < {before} OR given_up_at < {before}"),
        erased: Erased::Kept,
    }],
};

const MAILS: Class = Class {
    slug: "courriels",
    name: "Courriels",
    what: "Messages qui vous ont été écrits\u{a0}: adresse, texte, date d’envoi\u{a0}; date des dernières relances",
    purpose: "Savoir qu’un message est parti, ou pourquoi il ne l’est pas\u{a0}; ne pas vous relancer deux fois dans la semaine",
    basis: Basis::PublicTask,
    seen_by: "Administrateurs",
    kept: Kept::For { setting: "SOCLE_RETENTION_MAILS", from: "après l’envoi ou l’abandon", past: Past::Rows },
    erasure: "Effacés, après un dernier message qui vous en avertit",
    source: "Minimisation (RGPD, art.\u{a0}5, 1, e)\u{a0}: le temps de constater qu’un message s’est perdu",
    parts: &[
        Part {
            table: "mail",
            name: "Courriels",
            whose: "to_address = (SELECT email FROM person WHERE id = {person})",
            columns: &[
                plain("to_address", "Adresse"),
                plain("to_name", "Nom"),
                plain("subject", "Objet"),
                plain("body", "Texte"),
                plain("calendar", "Agenda joint"),
                instant("created_at", "Écrit le"),
                instant("send_after", "À envoyer à partir du"),
                instant("send_before", "Sans objet après le"),
                instant("sent_at", "Envoyé le"),
                instant("given_up_at", "Abandonné le"),
                plain("failure", "Échec"),
                free("id"),
                free("key"),
                free("calendar_method"),
                free("claimed_at"),
                free("attempts"),
            ],
            past: Some(
                "sent_at < {before} OR given_up_at < {before} OR (claimed_at IS NULL AND send_before < {before})",
            ),
            erased: Erased::Deleted,
        },
        Part {
            table: "notice",
            name: "Dernières relances",
            whose: HIS,
            columns: &[OWN, plain("kind", "Sorte"), instant("at", "Le")],
            past: Some("at < {before}"),
            erased: Erased::Deleted,
        },
    ],
};

const IMPORTS: Class = Class {
    slug: "importations",
    name: "Fichiers importés",
    what: "Listes d’agents déposées par un administrateur, avant d’être appliquées",
    purpose: "Ouvrir des comptes en nombre, après vérification",
    basis: Basis::PublicTask,
    seen_by: "Administrateurs",
    kept: Kept::For { setting: "SOCLE_RETENTION_IMPORTS", from: "après le dépôt", past: Past::Rows },
    erasure: "Effacés s’ils vous nomment",
    source: "Minimisation (RGPD, art.\u{a0}5, 1, c)\u{a0}: les lignes disparaissent dès que le fichier est appliqué",
    parts: &[Part {
        table: "import",
        name: "Fichiers qui vous nomment",
        whose: "replace(lower(body), (SELECT email FROM person WHERE id = {person}), '') <> lower(body)",
        columns: &[
            plain("kind", "Sorte"),
            instant("created_at", "Déposé le"),
            secret("body", "les lignes du fichier, qui nomment d’autres personnes"),
            free("id"),
        ],
        past: Some("created_at < {before}"),
        erased: Erased::Deleted,
    }],
};

const AUDIT: Class = Class {
    slug: "journal",
    name: "Journal des consultations",
    what: "Qui a consulté ou modifié le dossier de qui, quand, par quelle page, à quel titre",
    purpose: "Vous dire qui a consulté votre dossier\u{a0}; déceler et prouver un accès indu",
    basis: Basis::LegalObligation,
    seen_by: "Vous, pour votre dossier\u{a0}; administrateurs",
    kept: Kept::For { setting: "SOCLE_RETENTION_AUDIT", from: "après la consultation", past: Past::Chain },
    erasure: "Gardé jusqu’à son terme, sous pseudonyme",
    source: "RGPD, art.\u{a0}5, 2 et 32\u{a0}; CNIL, délibération 2021-122 du 14 octobre 2021 sur la journalisation\u{a0}: de six mois à un an",
    parts: &[
        Part {
            table: "audit",
            name: "Qui a consulté ou modifié ce qui vous concerne",
            whose: "subject_id = {person}",
            columns: &[
                own("subject_id"),
                instant("at", "Le"),
                somebody("actor_id", "Qui"),
                plain("role", "À quel titre"),
                plain("deed", "Acte"),
                plain("page", "Page"),
                secret("path", "l’adresse exacte de la page, qui peut en nommer d’autres par leur numéro"),
                plain("seq", "Rang"),
                plain("hash", "Empreinte"),
            ],
            past: Some("at < {before}"),
            erased: Erased::Kept,
        },
        Part {
            table: "audit",
            name: "Ce que vous avez consulté ou modifié",
            whose: "actor_id = {person}",
            columns: &[
                instant("at", "Le"),
                plain("role", "À quel titre"),
                plain("deed", "Acte"),
                plain("page", "Page"),
            ],
            past: None,
            erased: Erased::Kept,
        },
    ],
};
