"""The rules of advice in French."""

from advice.languages import Language, compiled, words

_BETWEEN = r"(?:(?:pas|aussi|toujours|jamais|ensuite|alors|également|donc|d['’]abord|systématiquement|immédiatement|\w{2,20}ment)\s+){0,2}"
# Only acts of work: « est fermé » may be how a thing is, « est contrôlé » is somebody's task.
_ACTS = (
    "contrôl vérifi valid sign approuv envoy archiv enregistr notifi inform signal consign class déclar examin refus contact rembours"
    " adress collect numéris imprim rédig communiqu désign nomm effectu réalis opér convoqu relanc supprim complét conserv analys évalu"
)
_ACTS_ELSE = "transmise?s?|remise?s?|saisie?s?|recueillie?s?|détruite?s?|instruite?s?"
_IRREGULAR = "faite?s?|tenue?s?|mise?s?|prise?s?|rendue?s?|reçue?s?|écrite?s?|remise?s?|transmise?s?|soumise?s?|établie?s?|fournie?s?|définie?s?|suivie?s?|ouverte?s?|conduite?s?|produite?s?"

FRENCH = Language(
    longest_sentence=45,
    passive=compiled(
        rf"\b(?:(?:doit|doivent|devra|devront|devrait|devraient)\s+{_BETWEEN}être\s+{_BETWEEN}(?P<done>\w{{2,20}}ée?s?|{_IRREGULAR})"
        rf"|(?:est|sont|sera|seront)\s+{_BETWEEN}(?P<act>(?:{'|'.join(_ACTS.split())})ée?s?|{_ACTS_ELSE}))\b(?!-)"
    ),
    statives=frozenset(
        root + ending
        for root in (
            "considéré situé basé lié composé dédié destiné concerné privé autorisé habilité appelé nommé intéressé adapté limité exposé"
            " associé fondé justifié motivé proportionné sensibilisé formé invité amené chargé dispensé obligé tenu inscrit placé"
            " agréé âgé dénommé qualifié compris mesuré pensé orienté centré relié organisé structuré relégué réservé achevé négligé"
        ).split()
        for ending in ("", "e", "s", "es")
    ),
    agent=compiled(r"[^.;:()]{0,60}?\b(?:par|via|grâce)\b(?!\s+(?:défaut|e-?mail|courriel|courrier|écrit|voie|téléphone|rapport|exemple|an|mois|jour|la\s+suite|ailleurs|conséquent|lettre|recommandé|le\s+biais)\b)"),
    before=compiled(
        r"\ben\s+(?:\w{1,4}['’\s]\s?)?\w{2,20}ant\b|"
        + words(
            "qui que qu dont où lorsque lorsqu quand si s dès après avant tant puisque parce comme aucun aucune nul nulle rien personne jamais"
            " ni sauf laquelle lequel lesquels lesquelles jusqu tandis afin pour quel quelle quels quelles"
        )
    ),
    forbids=compiled(r"(?:aucune?|nulle?|rien|personne|jamais|ni)\b"),
    vague=compiled(
        r"\b(?:si\s+(?:nécessaire|besoin|possible)|au\s+besoin|en\s+tant\s+que\s+de\s+besoin|si\s+cela\s+(?:est|s['’]avère)\s+nécessaire"
        r"|dans\s+la\s+mesure\s+du\s+possible|dès\s+que\s+possible|dans\s+les\s+meilleurs\s+délais|dans\s+un\s+délai\s+raisonnable|en\s+temps\s+utile"
        r"|de\s+temps\s+en\s+temps|à\s+intervalles\s+réguliers|de\s+manière\s+régulière|de\s+façon\s+régulière|lorsque\s+(?:c['’]est\s+|cela\s+est\s+)?(?:nécessaire|possible))\b"
    ),
    weak=compiled(
        r"\b(?:devrai(?:en)?t\b(?!\s+(?:devenir|permettre|suffire|pouvoir|rester|bientôt))|il\s+convient\s+d(?:e\b|['’])|il\s+est\s+(?:recommandé|conseillé|préférable|souhaitable)\s+d(?:e\b|['’])|il\s+faudrait\b)"
    ),
    gesture=compiled(
        r"\b(?:(?:double[- ])?cliqu(?:e|es|ez|er|ant|é|ent|ons)|clic\s+(?:droit|gauche|sur)|captures?\s+d['’]écran|(?:dé)?coch(?:e|ez|er|ent)\s+(?:la|les|une)\s+(?:case|ligne)s?"
        r"|glisser[- ]déposer)\b"
    ),
    hand=compiled(words("ouvrir ouvrez ouvre sélectionner sélectionnez sélectionne choisir choisissez choisit appuyer appuyez appuie saisir saisissez saisit taper tapez aller allez connecter connectez rendez coller collez")),
    screen=compiled(
        r"\b(?:boutons?|le\s+menu|l['’]icône|l['’]onglet|onglets?|fenêtre\s+(?:qui|suivante|contextuelle)|barre\s+(?:de\s+recherche|d['’]adresse|d['’]outils|latérale)|la\s+case|votre\s+navigateur"
        r"|le\s+navigateur|à\s+l['’]écran|page\s+d['’]accueil|page\s+de\s+connexion|(?:menu|liste)\s+déroulante?|formulaire\s+en\s+ligne|pop-?up)\b"
    ),
    step=compiled(
        r"(?:puis\s+)?(?:vérifie[rz]|contrôle[rz]|envoye[rz]|appele[rz]|demande[rz]|note[rz]|enregistre[rz]|archive[rz]|signe[rz]|obteni[rz]|obtenez|collecte[rz]|compare[rz]"
        r"|informe[rz]|prévenir|prévenez|relire|relisez|approuve[rz]|numérise[rz]|conserve[rz]|transmettre|transmettez|complète[rz]|complétez|contacte[rz]|confirme[rz]|déclare[rz]|prépare[rz]"
        r"|refuse[rz]|clôture[rz]|identifie[rz]|valide[rz]|documente[rz]|rédige[rz]|recueillir|recueillez)\s+"
        r"(?:le|la|les|l['’]|un|une|des|du|chaque|tout|toute|tous|toutes|que|si|ce|cette|ces|son|sa|ses|au|aux)\b"
    ),
    lead=compiled(
        words("vous votre vos nous notre nos chacun équipe équipes responsable responsables agent agents membre membres personne personnes direction service services comité administration administrations")
    ),
    opening=compiled(r"(?:pour|afin|lorsque|quand|si|étapes?|les\s+étapes|procédure|marche\s+à\s+suivre|comme\s+suit|liste)\b"),
    regulation=compiled(
        r"\b(?:articles?|art\.)\s{0,2}[A-Z]{0,2}\.?\s?\d|§\s?\d|\b(?:ISO|RGPD|GDPR|DORA|MiFID|LCB-FT|CRPA)\b"
        r"|\b(?:règlement|directive|loi|décret|arrêté|ordonnance|circulaire|instruction)\b[^.\n]{0,40}\d"
        r"|\bcode\s+(?:monétaire|civil|pénal|du\s+travail|de\s+(?:commerce|la\s+consommation|procédure|la\s+sécurité|la\s+propriété|l['’]environnement)|des\s+relations|général)"
    ),
)
