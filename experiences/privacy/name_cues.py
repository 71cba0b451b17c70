"""The words beside a name that tell it is one, or that it is none."""

import re

from experiences.privacy.name_lists import listed

TITLES = listed(
    """
    Mr Mrs Ms Mx Dr Prof Mme Mmes Mlle Miss Monsieur Madame Mademoiselle Maître Docteur Professeur
    Professor Dre Pre Sir Engr Alhaji Hajia Señor Señora Herr Frau
    """
)
SHORT_TITLES = frozenset(["M", "MM", "Pr", "Me"])  # Before a full stop, or in French.
# Also words: the name after them must be known.
WEAK_TITLES = listed(
    """
    Pastor Pasteur Imam Father Sister Brother Uncle Auntie Aunt Tante Oncle Tonton Captain Capitaine
    Coach Chief Abbé Frère Sœur Père Mère Rabbi Rabbin Cheikh Sheikh Lord Lady Senator Sénateur
    Sénatrice
    """
)
ALL_TITLES = TITLES | SHORT_TITLES | WEAK_TITLES
ASKING = listed("Will May Can Might")  # They open a sentence without a name: “Will Yaphet come?”
OFFICES = listed(
    """
    President Speaker Chairman Chair Minister Secretary Director Mayor Président Présidente Directeur
    Directrice Maire Ministre Secrétaire Tout Who Universe
    """
)
# Before a given name: it is a place or a thing.
BEFORE = listed(
    """
    Saint Sainte St Ste San Santa Santo São Fort Port Mount Mont Lake Lac Hurricane King Queen Prince
    Princess Los Las Camp Cape Cap Club Café Château Lycée Collège École Hôpital Hotel Hôtel Rue Avenue
    Boulevard Place Visual Project Projet Apache Amazon
    """
)
STREETS = listed(
    """
    rue avenue boulevard place allée quai square collège lycée école hôpital street road prix centre
    salle espace pont gare station stade campus université bibliothèque
    """
)
# After a given name: an institution, a product, a prize.
AFTER = listed(
    """
    Foundation Fondation Institute Institut University Université Street Road Avenue Prize Prix Award
    Awards Conference Hall House Hospital School College GmbH Inc LLC Corp SA SAS Ltd Group Groupe
    Library Libraries Museum Centre Center
    Day Project Fund Trust Park Square Bridge Island Islands Stanley Lab
    Labs Law Chair Programme Program Fellowship Fellows Memorial Airport Station Valley County City Bay
    Beach Springs
    """
)
PERSON_BEFORE = listed(
    """
    colleague manager boss director founder volunteer moderator intern friend president chair maintainer
    coordinator organiser organizer developer named asked told thanked met interviewed thank thanks
    thanked said says emailed hired nominated congratulated collègue directeur directrice responsable
    chef cheffe bénévole modérateur modératrice président présidente stagiaire nommé nommée prénommé
    prénommée fondateur fondatrice ami amie animateur animatrice coordinatrice coordinateur remercie
    remercier remercions rencontré mentor trainer facilitator host secretary treasurer chairwoman
    chairman admin administrator editor librarian student teacher neighbour neighbor sister brother wife
    husband mother father trésorier trésorière secrétaire formateur formatrice voisin voisine élève
    enseignant enseignante administrateur administratrice rédacteur rédactrice étudiant étudiante frère
    sœur
    """
)
# Before a given name alone: whoever is called so is a person.
_NOUN = (
    r"(?:colleague|volunteer|moderator|intern|friend|maintainer|newcomer|mentor|girl|boy|man|woman|student"
    r"|member|collègue|bénévole|modérateur|modératrice|stagiaire|amie?|femme|homme|fille|garçon|recrue"
    r"|membre)"
)
CALLED_BEFORE = re.compile(
    rf"(?:\b{_NOUN} (?:named|called|nommée?|appelée?|prénommée?) |\b(?:my|our|the|mon|ma|notre|le|la) "
    rf"(?:new |nouveau |nouvelle )?{_NOUN},? |\b[ms]'appel(?:le|ait) "
    r"|\b(?:my name is|h(?:er|is) name (?:is|was)) )\Z",
    re.IGNORECASE,
)
PERSON_AFTER = re.compile(
    r"(?:,?\s(?:who|whose|said|says|wrote|writes|told|asked|explains?|explained|resigned|volunteered|welcomed"
    r"|joined|led|leads|thought|answered|chaired|moderated|wanted|refused|noticed|replied|suggested"
    r"|apologi[sz]ed|complained|left us|quit|retired"
    r"|dit|écrit|explique|raconte|demande|m'a|nous\sa|qui|anime|animait|modère|modérait"
    r"|coordonne|préside|présidait"
    r"|a\s(?:dit|écrit|expliqué|demandé|proposé|quitté|démissionné|refusé|répondu|rejoint|accepté|animé"
    r"|voulu|traduit|rédigé|convaincu)))(?!\w)"
)
# Between a name and another.
AND = re.compile(r"(?: and| et| &|, and) ")
# Before a lone capital letter that numbers something: “plan B. Nobody…”.
NUMBERED = listed(
    """
    plan option phase annexe annex appendix section part partie team équipe equipe groupe group level
    niveau type class classe vitamin vitamine figure table tableau exhibit version room salle building
    bâtiment zone gate season grade step étape bloc block variant variante scenario scénario hypothesis
    hypothèse point question answer réponse column colonne row ligne page série series track lot volet
    axe
    """
)
INITIALS_OF_THINGS = listed(
    "US UK EU UN UE AI IA PS NB AC DC IT HR RH PR UX UI QA CEO CTO RGPD ONG NGO BBC USA FAQ"
)
BESIDE_INITIALS = listed(
    """
    by with from to and or for thank thanks ask asked says said told per via dear met par avec de à et
    ou pour merci selon chez contre sans remercie cher chère signé signed
    """
)
