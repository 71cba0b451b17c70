"""The vocabulary for those who tag by the same lists elsewhere."""

import json

import pytest

from experiences.models import Context, GlossaryEntry, Stake
from tests.factories import stakes

pytestmark = pytest.mark.django_db


def vocabulary(browse):
    answer = browse().get("/vocabulary.jsonld")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/ld+json")
    document = json.loads(answer.content)
    return document, {node["id"]: node for node in document["@graph"]}


def test_every_term_is_a_concept_in_both_languages(browse):
    document, nodes = vocabulary(browse)
    assert len(nodes) == len(document["@graph"])  # No two share an address.
    concepts = [node for node in nodes.values() if node["type"] == "Concept"]
    named = {node["notation"] for node in concepts}
    for model in (Stake, Context, GlossaryEntry):
        assert set(model.objects.values_list("slug", flat=True)) <= named
    assert all(set(node["prefLabel"]) == {"en", "fr"} for node in concepts)
    assert all(node["inScheme"] in nodes for node in concepts)
    for name in ("broader", "related", "replacedBy"):
        for node in concepts:
            ends = node.get(name, [])
            assert set([ends] if isinstance(ends, str) else ends) <= set(nodes), (name, node)


def test_a_stake_stands_under_its_competency_and_leads_to_its_heirs(browse, mona):
    old, heir = stakes("activity-drop", "quiet-majority")
    old.retire(by=mona, note="They were one.", heirs=[heir])
    _document, nodes = vocabulary(browse)
    told = nodes[f"http://localhost:8000{old.get_absolute_url()}"]
    assert told["deprecated"] is True
    assert told["replacedBy"] == [f"http://localhost:8000{heir.get_absolute_url()}"]
    assert nodes[told["broader"]]["notation"] == old.competency.slug
    assert "deprecated" not in nodes[told["replacedBy"][0]]


def test_who_has_it_is_not_sent_it_again(browse):
    tag = browse().get("/vocabulary.jsonld")["ETag"]
    assert browse().get("/vocabulary.jsonld", headers={"if-none-match": tag}).status_code == 304
