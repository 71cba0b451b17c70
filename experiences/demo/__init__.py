"""The reports of the demo, told by invented people: loaded through the verbs that members use."""

import json
from datetime import date
from pathlib import Path

from accounts.demo import one_by_one
from experiences.api.serializers import ExperienceSerializer
from experiences.models import Context, Departure, Experience, Situation

SITUATION_OF_ANA = {
    "audience": "internal",
    "kind": "network-of-employees",
    "community-size": "c-1k-9k",
    "sector": "finance",
    "life-stage": "settled",
    "team": "t-1",
}


def read():
    text = (Path(__file__).parent / "reports.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def load(people):
    """Make the reports that are missing; return (all of them by source_id, how many were made).

    What was erased here, or left without a name, is not made again.
    """
    made = 0
    for row in read():
        there = Experience.objects.filter(source_id=row["source_id"]).exists()
        if not there and not Departure.objects.knows(row["source_id"]):
            with one_by_one(people):
                tell(row, people)
            made += 1
    state_situation(people["ana@example.org"])
    reports = Experience.objects.filter(source_id__in=[row["source_id"] for row in read()])
    return {report.source_id: report for report in reports}, made


def state_situation(ana):
    if Situation.of(ana) is None:
        named = [f"{facet}={slug}" for facet, slug in SITUATION_OF_ANA.items()]
        Situation.state(list(Context.objects.filter(name__in=named).select_related("facet")), by=ana)


def tell(row, people):
    """Write one report as its author and bring it to its state."""
    author = people.get(row["author"])
    fields = ExperienceSerializer().fields
    data = {name: value for name, value in row.items() if name in fields and not fields[name].read_only}
    serializer = ExperienceSerializer(data=data | {"organisation": author.organisation if author else ""})
    serializer.is_valid(raise_exception=True)
    report = serializer.save(by=author, source_id=row["source_id"])
    bring(report, row, people)
    for told in row.get("follow_ups", []):
        month = date.fromisoformat(f"{told['told_on']}-01"[:10])
        report.follow_up(by=author, verdict=told["verdict"], text=told["text"], told_on=month)


def bring(report, row, people):
    """Take a draft to the state its row names, by the verbs."""
    state, author = row["demo_state"], report.author
    if state == Experience.Status.DRAFT:
        return
    if author is None:
        report.publish_imported()
        return
    report.submit(by=author)
    curator = next(one for one in people.values() if report.can_be_reviewed_by(one))
    if state == Experience.Status.RETURNED:
        report.return_to_author(by=curator, reason=row["demo_reason"], note=row["demo_note"])
    elif state != Experience.Status.SUBMITTED and report.status == Experience.Status.SUBMITTED:
        report.publish(by=curator)
    if state == Experience.Status.WITHDRAWN:
        report.withdraw(by=author, note=row.get("demo_note") or "The client asked for it to be taken down.")
