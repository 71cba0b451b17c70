"""What everything stands on: which app knows which, settings, migrations, translations."""

import ast
import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import environ
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from config.openid_connect import read_provider

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "config" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
PRODUCTION = {
    "SITE_URL": "https://retex.example.org",
    "SECRET_KEY": "k3y-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "DATABASE_URL": "sqlite://:memory:",
    "EMAIL_URL": "smtp+tls://retex:secret@mail.example.org:587",
}
OIDC = {
    "OIDC_ISSUER": "https://login.example.org/realms/staff/",
    "OIDC_CLIENT_ID": "retex",
    "OIDC_CLIENT_SECRET": "secret",
    "OIDC_NAME": "Example Org",
    "OIDC_DOMAINS": "example.org, @Example.net",
}

# --- Who imports whom ----------------------------------------------------------------------------

# Each storey knows those below it: floor ← accounts ← experiences ← practices ← roof ← tests.
STOREYS = ["floor", "accounts", "experiences", "practices", "roof", "tests"]
# What knows every app; all else in config/ is the floor, and knows none.
ROOF = ("config.api", "config.settings", "config.urls", "config.views", "config.wsgi")
APPS = ("config", "accounts", "experiences", "practices")


def modules():
    """Yield (dotted name, path) of each module of ours, migrations apart."""
    for path in sorted(path for app in APPS for path in (ROOT / app).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" not in parts:
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def storey(name):
    """Return on which storey the module `name` is; None: it is not ours."""
    top = name.split(".")[0]
    if top == "config":
        return STOREYS.index("roof" if any(f"{name}.".startswith(f"{one}.") for one in ROOF) else "floor")
    return STOREYS.index(top) if top in STOREYS else None


def imports(path):
    """Return the dotted names the Python file at `path` imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("level", STOREYS[:-1])
def test_imports_go_one_way(level):
    standing = [(name, path) for name, path in modules() if storey(name) == STOREYS.index(level)]
    broken = [
        f"{name} imports {other}"
        for name, path in standing
        for other in imports(path)
        if (storey(other) or 0) > storey(name)
    ]

    assert standing
    assert broken == []


def test_no_package_imports_in_a_circle():
    known, graph = dict(modules()), {}
    for name, path in known.items():
        for other in imports(path):
            while other and other not in known:
                other = other.rpartition(".")[0]
            if other:
                graph.setdefault(package(name), set()).add(package(other))

    circles = {
        frozenset(one for one in reached(graph, start) if start in reached(graph, one)) for start in graph
    }
    assert {circle for circle in circles if len(circle) > 1} == set()


def package(name):
    """Return the package of a module, or a module beside the packages: experiences.models,
    experiences.forms.
    """
    return ".".join(name.split(".")[:2])


def reached(graph, start):
    """Return what `start` imports, directly or not."""
    found, waiting = set(), [start]
    while waiting:
        new = graph.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def test_no_module_is_named_for_having_no_idea():
    nameless = {"utils", "helpers", "services", "common", "selectors", "misc"}

    found = [path for app in APPS for path in (ROOT / app).rglob("*.py") if path.stem in nameless]

    assert found == []


# --- Settings ------------------------------------------------------------------------------------


def manage(*arguments, **environment):
    """Run manage.py in a process of its own, knowing of nothing but `environment`."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )


def test_production_settings_pass_every_deployment_check():
    run = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"EMAIL_URL": ""}, "EMAIL_URL"),
        ({"DEBUG": "yes"}, "DEBUG"),
        ({"SITE_URL": "retex.example.org"}, "SITE_URL"),
        ({"CACHE_URL": "redis://127.0.0.1:6379/0"}, "pip install redis"),
        ({"CACHE_URL": "memcached://127.0.0.1"}, "CACHE_URL"),
        ({"SIGNUP": "closed"}, "SIGNUP"),
        ({"SIGNUP": "sso"}, "OIDC_ISSUER"),
        (OIDC | {"OIDC_ISSUER": ""}, "OIDC_ISSUER"),
        (OIDC | {"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        (OIDC | {"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET"),
        (OIDC | {"OIDC_NAME": ""}, "OIDC_NAME"),
        ({"OIDC_DOMAINS": "example.org"}, "OIDC_ISSUER"),
        (OIDC | {"OIDC_DOMAINS": ""}, "OIDC_DOMAINS"),
        (OIDC | {"OIDC_ISSUER": "http://login.example.org"}, "OIDC_ISSUER"),
        (OIDC | {"OIDC_GROUPS": "Curators"}, "OIDC_GROUPS"),
        (OIDC | {"OIDC_DOMAINS": "*", "OIDC_TRUST_EMAILS": "yes"}, "OIDC_TRUST_EMAILS"),
    ],
)
def test_settings_refuse_to_start_half_configured(change, said):
    run = manage("check", **PRODUCTION | change)

    assert run.returncode != 0
    assert said in run.stderr.splitlines()[-1]


def test_the_environment_tells_of_the_provider_of_accounts():
    told = OIDC | {
        "OIDC_NAME_FR": "Exemple",
        "OIDC_ENTRY": "a:b",
        "OIDC_GROUPS": "x=y=Curators, z=Moderators",
    }
    provider = read_provider(env_of(told), https=True)

    assert provider.issuer == "https://login.example.org/realms/staff"
    assert provider.domains == {"example.org", "example.net"}
    assert (provider.claim, provider.entry) == ("groups", {"a:b"})
    assert provider.groups == {"x=y": "Curators", "z": "Moderators"}
    assert [provider.name_in(language) for language in ("en", "fr")] == ["Example Org", "Exemple"]
    assert read_provider(env_of({}), https=True) is None


def env_of(told):
    env = environ.Env()
    env.ENVIRON = told
    return env


def test_a_copy_on_one_s_own_machine_needs_no_settings():
    run = manage("check")

    assert run.returncode == 0, run.stderr


@pytest.mark.django_db
def test_migrations_are_up_to_date():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


# --- French --------------------------------------------------------------------------------------

STRINGS = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr|msgstr\[\d\]) (".*"(?:\n".*")*)$', re.MULTILINE)


def entries(path):
    """Yield (fuzzy, {keyword: text}) for each live entry of the catalogue at `path`."""
    for block in path.read_text("utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
        found = {
            keyword: "".join(ast.literal_eval(part) for part in text.splitlines())
            for keyword, text in STRINGS.findall("\n".join(lines))
        }
        if found.get("msgid"):
            yield fuzzy, found


def key(entry):
    context = f"{entry['msgctxt']}\x04" if "msgctxt" in entry else ""
    return context + entry["msgid"]


def translations(entry):
    return [text for keyword, text in entry.items() if keyword.startswith("msgstr")]


def test_every_sentence_is_in_french():
    missing = [key(entry) for fuzzy, entry in entries(CATALOGUE) if fuzzy or not all(translations(entry))]

    assert missing == []


def test_the_compiled_catalogue_is_in_step():
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog

    stale = [
        key(entry)
        for _fuzzy, entry in entries(CATALOGUE)
        if translations(entry)
        != [
            compiled.get((key(entry), n) if "msgid_plural" in entry else key(entry))
            for n in range(len(translations(entry)))
        ]
    ]

    assert stale == [], "Run make messages."


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="needs gettext: apt-get install gettext")
def test_the_catalogue_holds_every_sentence_of_the_code(tmp_path):
    for folder in ("accounts", "config", "experiences", "practices", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "manage.py", tmp_path)
    copied = tmp_path / CATALOGUE.relative_to(ROOT)
    held = {key(entry) for _fuzzy, entry in entries(CATALOGUE)}

    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale=fr", "--extension=html,txt,py", "--no-wrap"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )

    assert {key(entry) for _fuzzy, entry in entries(copied)} == held, "Run make messages."


@pytest.mark.django_db
def test_pages_speak_the_reader_s_language(client):
    for language, home in [("en", "Home"), ("fr", "Accueil")]:
        page = client.get("/no-such-page/", headers={"accept-language": language}).content.decode()

        assert f'<html lang="{language}"' in page
        assert f">{home}</a>" in page


def test_django_s_own_sentences_are_french_too():
    with translation.override("fr"):
        assert translation.gettext("This field is required.") == "Ce champ est obligatoire."
