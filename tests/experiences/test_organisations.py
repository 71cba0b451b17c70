"""Names of organisations are one name however people write them."""

import pytest

from experiences.text.organisations import organisation_key


@pytest.mark.parametrize(
    "written",
    [
        "Acme", "ACME", "  acme ", "Acme, Inc.", "Acme Inc", "ACME SARL", "Acme S.A.R.L.", "Sarl Acme",
        "Acmé", "Ａｃｍｅ", "Ac\u00adme", "Acme\u200b", "Acme Ltd.", "“Acme”",
        "acme-llc",
    ],
)  # fmt: skip
def test_one_organisation_is_one_key_however_it_is_written(written):
    assert organisation_key(written) == "acme"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Société Générale", "SOCIETE GENERALE S.A."),
        ("Crédit-Agricole", "credit agricole"),
        ("L’Oréal", "L'Oreal"),
        ("Johnson & Johnson", "Johnson and Johnson, Inc."),
        ("Łódź Hub", "Lodz hub sp."),
        ("Straße AG", "strasse"),
    ],
)
def test_accents_and_punctuation_do_not_matter(one, other):
    assert organisation_key(one) == organisation_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Acme", "Acme Labs"), ("Acme", "Ackme"), ("", "Acme"), ("SA", "AG")]
)
def test_others_stay_others(one, other):
    assert organisation_key(one) != organisation_key(other)


def test_a_name_is_never_lost():
    assert organisation_key("") == organisation_key("  ") == ""
    assert organisation_key("Inc.") == "inc"
    assert organisation_key("!!!") == "!!!"
    assert organisation_key("株式会社") != ""
