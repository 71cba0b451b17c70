"""Pages go out compressed to browsers that take them so, and to nobody else."""

import gzip

import pytest

from tests.factories import make_report

pytestmark = pytest.mark.django_db
TAKES_IT = {"accept-encoding": "gzip, deflate, br"}


def test_a_page_is_sent_compressed_to_who_takes_it_so(browse, ana, carol):
    report = make_report(ana, carol)
    plain = browse().get("/experiences/")
    packed = browse().get("/experiences/", headers=TAKES_IT)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 3
    assert report.title in gzip.decompress(packed.content).decode()
    assert "Accept-Encoding" in plain["Vary"]
    assert "Accept-Encoding" in packed["Vary"]


def test_who_has_a_page_compressed_is_not_sent_it_again(browse, ana, carol):
    make_report(ana, carol)
    visitor = browse()
    tag = visitor.get("/experiences/", headers=TAKES_IT)["ETag"]
    assert tag.startswith('W/"')  # it is the same page, not the same bytes
    assert visitor.get("/experiences/", headers=TAKES_IT | {"if-none-match": tag}).status_code == 304
    make_report(ana, carol)
    assert visitor.get("/experiences/", headers=TAKES_IT | {"if-none-match": tag}).status_code == 200


def test_what_programs_read_keeps_a_tag_that_changing_asks_for(api, ana, carol):
    report = make_report(ana, carol)
    answer = api(ana).get(f"/api/v1/experiences/{report.public_id}/", headers=TAKES_IT)
    assert "Content-Encoding" not in answer
    assert answer["ETag"].startswith('"')
