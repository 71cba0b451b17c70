"""What may say who someone is, is pointed out; ordinary sentences are left in peace."""

import json
from itertools import pairwise

import pytest
from django.utils import translation

from bench.names import JUDGED, score, sentences
from experiences import demo
from experiences.models import Experience
from experiences.privacy import identifiers
from tests.conftest import CORPUS


def pointed_out(text, language="en", **own):
    return [(one.words, one.kind) for one in identifiers.point_out(text, language, **own)]


FOUND = {
    "email": [
        ("en", "Write to claire.martin@northfield.co.uk first.", "claire.martin@northfield.co.uk"),
        ("en", "She uses o_brien+forum@mail.example-bank.eu.", "o_brien+forum@mail.example-bank.eu"),
        ("fr", "Écrivez à jean.dupont [at] mairie-lyon.fr.", "jean.dupont [at] mairie-lyon.fr"),
        ("fr", "contact(arobase)asso(point)org", "contact(arobase)asso(point)org"),
    ],
    "phone": [
        ("fr", "Appelez le 06 12 34 56 78.", "06 12 34 56 78"),
        ("fr", "Son poste : 01.42.34.56.78", "01.42.34.56.78"),
        ("fr", "Joignable au +33 6 12 34 56 78, le soir.", "+33 6 12 34 56 78"),
        ("fr", "Au 0033612345678 toujours.", "0033612345678"),
        ("en", "Call (415) 555-0132 for help.", "(415) 555-0132"),
        ("en", "Call 415-555-0132.", "415-555-0132"),
        ("en", "Ring 020 7946 0958 at noon.", "020 7946 0958"),
        ("en", "Ring +44 (0)20 7946 0958.", "+44 (0)20 7946 0958"),
        ("en", "From abroad, +1 415 555 0132.", "+1 415 555 0132"),
    ],
    "profile": [
        (
            "en",
            "See https://www.linkedin.com/in/claire-martin-42/.",
            "https://www.linkedin.com/in/claire-martin-42",
        ),
        ("en", "He is on x.com/some_body now", "x.com/some_body"),
        ("en", "https://twitter.com/some_body/status/12", "https://twitter.com/some_body"),
        ("fr", "https://fr-fr.facebook.com/jeanne.dupont", "https://fr-fr.facebook.com/jeanne.dupont"),
        ("en", "instagram.com/a.person", "instagram.com/a.person"),
        ("en", "Her page, https://github.com/aperson, says so.", "https://github.com/aperson"),
        ("en", "https://mastodon.social/@aperson", "https://mastodon.social/@aperson"),
        ("en", "https://bsky.app/profile/a.person.example", "https://bsky.app/profile/a.person.example"),
        ("en", "https://www.reddit.com/user/aperson", "https://www.reddit.com/user/aperson"),
    ],
    "handle": [
        ("en", "We thanked @sam_the_admin publicly.", "@sam_the_admin"),
        ("fr", "Message de @zoe42 hier.", "@zoe42"),
        ("en", "Ask @aperson@mastodon.social about it.", "@aperson@mastodon.social"),
    ],
    "name": [
        ("en", "Marianne sent a photo to each newcomer.", "Marianne"),
        ("en", "Then our host, Priya Raman, left.", "Priya Raman"),
        ("en", "The forum was Mark Jensen's idea.", "Mark Jensen"),
        ("en", "We wrote to Dr Smith twice.", "Dr Smith"),
        ("en", "We wrote to Dr. Smith twice.", "Dr. Smith"),
        ("en", "Mrs O'Brien agreed.", "Mrs O'Brien"),
        ("en", "It was told by Anne-Marie van der Berg at noon.", "Anne-Marie van der Berg"),
        ("en", "Our moderator Zoltan Kisfalvi resigned.", "Zoltan Kisfalvi"),
        ("en", "I trust Zoltan Kisfalvi, who runs it.", "Zoltan Kisfalvi"),
        ("en", "It came from Karen L. Jordan, I think.", "Karen L. Jordan"),
        ("fr", "Mme Dupont a refusé.", "Mme Dupont"),
        ("fr", "J’en ai parlé à M. Lefèvre lundi.", "M. Lefèvre"),
        ("fr", "Monsieur de Villiers a signé.", "Monsieur de Villiers"),
        ("fr", "La modératrice Fatoumata Sow est partie.", "Fatoumata Sow"),
        ("fr", "J’ai appelé Jean-Pierre le matin.", "Jean-Pierre"),
        ("fr", "Merci à Éloïse et à l’équipe.", "Éloïse"),
        ("fr", "C’était l’idée d’Aurélie DUPUIS.", "Aurélie DUPUIS"),
        ("fr", "Le projet de Marie de La Tour avance.", "Marie de La Tour"),
        ("fr", "Hier, Claire Fontaine est venue.", "Claire Fontaine"),
        # From every part of the world, with their accents or without.
        ("en", "Oluwaseun said the badges felt childish.", "Oluwaseun"),
        ("en", "Then Ọláyínká Adéwálé joined us.", "Ọláyínká Adéwálé"),
        ("fr", "Le mentor de Hüsniye Yıldız est parti.", "Hüsniye Yıldız"),
        ("en", "Our host, Nguyen Thi Hanh, left.", "Nguyen Thi Hanh"),
        ("en", "Xiaoming Zhang wrote the bot.", "Xiaoming Zhang"),
        ("en", "It was Kim Jiwon's thread.", "Kim Jiwon"),
        ("fr", "Kovács Zoltán a répondu.", "Kovács Zoltán"),
        ("fr", "Merci à Ng'ang'a Wanjiru pour tout.", "Ng'ang'a Wanjiru"),
        ("en", "We thanked DeShawn McAllister.", "DeShawn McAllister"),
        ("en", "Tapiwa Moyo resigned in June.", "Tapiwa Moyo"),
        ("en", "A volunteer called Zyxanthe answered.", "Zyxanthe"),
        # Initials, capitals, particles, titles.
        ("en", "The report by M. K. Osei was lost.", "M. K. Osei"),
        ("en", "It was checked by J. Zyxanthe later.", "J. Zyxanthe"),
        ("fr", "T.J. Bryant a voté contre.", "T.J. Bryant"),
        ("fr", "Signé : KARIM OTHMANI, trésorier.", "KARIM OTHMANI"),
        ("fr", "MARTIN Élodie n'a pas répondu.", "MARTIN Élodie"),
        ("en", "We met Khalid bin Nasser and left.", "Khalid bin Nasser"),
        ("en", "The rules of Samir al-Masri stayed.", "Samir al-Masri"),
        ("en", "I called Xyander van der Zyl twice.", "Xyander van der Zyl"),
        ("fr", "Le professeur a cité Me Delattre.", "Me Delattre"),
        ("en", "Coach Okafor trained us.", "Coach Okafor"),
        ("en", "JOHN SMITH WROTE THIS.", "JOHN SMITH"),
        ("en", "Then _Amina_ left.", "Amina"),
    ],
}  # fmt: skip
CASES = [(kind, *case) for kind, cases in FOUND.items() for case in cases]


@pytest.mark.parametrize(("kind", "language", "text", "words"), CASES)
def test_what_may_identify_someone_is_pointed_out(kind, language, text, words):
    assert pointed_out(text, language) == [(words, kind)]


SILENT = [
    ("en", "In 2019-2020 we went from 1,250 to 12 500 members; on 12/03/2021 it was 14.5 %."),
    ("en", "From 2,300 to 4 100 000 in 24 months, version 3.11.2, room 0123, port 8000."),
    ("en", "The order 978-0-306-40615-7 and the address 192.168.10.254 are no telephones."),
    ("fr", "Entre 2018 et 2023, 120 000 euros puis 1 250 000 euros, soit 10 000 à 99 000 membres."),
    ("fr", "Le 12 03 2021, de 9 h 30 à 11 h 45, 30 personnes sur 1 200."),
    ("en", "We used @channel and @here too often, and @media in the style sheet."),
    ("en", "See https://github.com/kubernetes/community and https://twitter.com/search?q=forum."),
    ("en", "See https://www.linkedin.com/company/retex and https://facebook.com/groups/123."),
    ("en", "Run `git clone git@github.com:a/b` or ask `@decorator` in `Marie`."),
    ("en", "Write to someone@example.org, as the guide says."),
    ("en", "We moved from Slack to Discourse in March; Google Analytics showed it by May."),
    ("en", "The Community Manager wrote a Code of Conduct with the Steering Committee."),
    ("en", "We met in San Francisco, Saint Denis and New York, and on Martin Luther Avenue."),
    ("en", "Will members come? Hope is not a plan. May we ask? Grace periods help. Mark it done."),
    ("en", "Our Christian community in Florence and Sydney grew. Ruby and Julia are languages."),
    ("en", "A colleague, Python Software Foundation members and Open Source people came."),
    ("fr", "Nous avons fermé Yammer en avril, puis ouvert Teams à Marseille et à Saint-Étienne."),
    ("fr", "La Marine nationale et la rue Victor Hugo ; le lycée Jean Moulin ; la pierre et la rose."),
    ("fr", "Madame la Directrice et M. le Maire ont signé. Monsieur Tout-le-monde aussi."),
    ("fr", "Le Ministère du Travail, la Direction Générale et l’Agence Nationale ont répondu."),
    ("fr", "Il y a 500 M. Nous avons noté le mode M, le plan B, puis la phase II."),
    ("en", "Plan B. Nobody wrote it. Vitamin C. Tables. The U.S. Congress. I moved it to X. Then it stayed."),
    ("en", "READ THE RULES. MARTIN is an acronym. NASA, SUSE LLC and the AMI IA group."),
    ("en", "Lagos, Dakar, Buenos Aires and São Paulo; Los Angeles and Hong Kong; an Ericsson or a Porsche."),
    ("en", "We use Gerrit. There are others. An InnerSource program began. Chief Technology Officer."),
    ("en", "Coach Training began; Sister Projects, Father Christmas and Will Discourse scale? stayed open."),
    ("fr", "J’ai lu L’an 2000. Tu sais, Son rôle, Bilan De La Saison."),
    ("fr", "Le prix Claude Shannon, la salle Marie Curie ; le fil d’Ariane ; 500 M. Selon Meta, rien."),
    ("en", ""),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text"), SILENT)
def test_ordinary_sentences_are_left_in_peace(language, text):
    assert pointed_out(text, language) == []


@pytest.mark.parametrize(
    ("organisation", "text", "words"),
    [
        ("Northfield Mutual", "At northfield mutual we tried.", ["northfield mutual"]),
        ("Northfield Mutual Ltd", "Northfield-Mutual, or just Northfield.",
        ["Northfield-Mutual", "Northfield"]),
        ("Caisse nationale d’assurance (CNAM)", "La CNAM a dit oui.", ["CNAM"]),
        ("Société nationale des chemins de fer", "À la S.N.C.F comme ailleurs.", ["S.N.C.F"]),
        ("École des mines", "L’ecole des mines y était.", ["ecole des mines"]),
        ("Orange SA", "Chez Orange, une pastille orange.", ["Orange"]),
        ("Open Tides Collective", "An open mind: OTC and open tides.", ["OTC"]),
        ("", "Nothing to look for.", []),
        ("Ltd", "A Ltd company.", []),
        ("(((", "((( a", []),
    ],
)  # fmt: skip
def test_one_s_own_organisation_is_pointed_out(organisation, text, words):
    assert pointed_out(text, organisation=organisation) == [(one, "organisation") for one in words]


def test_one_s_own_name_is_pointed_out():
    found = pointed_out("Moreno asked, and moreno is a colour.", author="Ana Moreno")
    assert found == [("Moreno", "author")]


@pytest.mark.parametrize(
    ("author", "text", "words"),
    [
        ("Łukasz", "We asked Lukasz, and LUKASZ said yes.", ["Lukasz", "LUKASZ"]),
        ("Oystein", "As ﬁnely as Øystein does.", ["Øystein"]),
        ("Đorđe", "Ask Dorde.", ["Dorde"]),
        ("Þóra", "Ask Thora, not thora.", ["Thora"]),
        ("Strauss", "Ask Strauß or Str\u00adauss.", ["Strauß", "Str\u00adauss"]),
    ],
)
def test_one_s_own_name_is_pointed_out_however_it_is_spelt(author, text, words):
    assert pointed_out(text, author=author) == [(one, "author") for one in words]


def test_the_first_word_of_an_organisation_is_no_name_if_many_begin_with_it():
    assert pointed_out("À l’Université, on rit.", "fr", organisation="Université des Landes") == []


def test_places_in_the_text_are_exact_and_never_overlap():
    text = "Ask jean.dupont@mairie.fr, Mme Éloïse Dupont or @jean; https://github.com/jean – 06 12 34 56 78."
    found = identifiers.point_out(text, "fr")
    assert [text[one.start : one.end] for one in found] == [one.words for one in found]
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))
    assert len(found) == 5


def test_the_sentence_speaks_the_reader_s_language_and_the_wording_the_text_s():
    (found,) = identifiers.point_out("Marianne est venue.", "fr")
    assert found.says == "“Marianne” looks like a person’s name."
    with translation.override("fr"):
        other_way = found.instead("en")
    assert (found.instead("en"), other_way) == ("a colleague", "a colleague")


def test_most_names_are_found_and_most_of_what_is_found_are_names():
    judged = score(sentences()[JUDGED])  # bench/names.py tells more, and how they were made
    assert judged.recall >= 0.90
    assert judged.precision >= 0.94


def test_the_demonstration_reports_name_nobody():
    for report in demo.read():
        for name in ("title", *Experience.TEXTS):
            found = pointed_out(report.get(name) or "", report["language"])
            assert found == [], report["source_id"]


PIECES = [
    "a", "A", "Aa ", "Marie ", "Marie de ", "M. ", "N.O.", "O'", "A-", "a@", "@a@b.", "a.", "+1", "0 ", "1-",
    "(at)", "`", "```", "<a ", "](", "http://", "linkedin.com/in/", "x.com/", "d'", "\u00a0", "É", "e\u0301",
    "😀",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_in_a_hostile_text_places_are_exact_and_never_overlap(piece):
    text = (piece * 5_000)[:5_000]  # bench/lengths.py tells what a longer one costs
    found = identifiers.point_out(
        text, "fr", organisation="Northfield Office of Nations (NOON)", author="Marie O’Brien"
    )
    assert [text[one.start : one.end] for one in found] == [one.words for one in found]
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.corpus
def test_most_paragraphs_of_real_texts_are_left_in_peace():
    texts = [json.loads(line) for line in (CORPUS / "reports.jsonl").read_text("utf-8").split("\n") if line]
    found = sum(len(pointed_out(one["body_markdown"], one["language"])) for one in texts)
    assert found < sum(one["body_markdown"].count("\n\n") for one in texts) / 4
