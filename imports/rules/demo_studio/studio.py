"""Filling a studio with a demonstration, from an empty database or beside what is there."""

from collections import Counter
from datetime import date
from typing import Any

from core.errors import WrongParameter
from core.models import now
from core.transactions import whole_step
from files.models import PreviewFile
from imports.rules.demo_studio.configuration import configure
from imports.rules.demo_studio.draft import Draft, spread
from imports.rules.demo_studio.entities import Production, cast, draw_assets, draw_shots, found_production, production_name
from imports.rules.demo_studio.people import engage
from imports.rules.demo_studio.plan import Plan
from imports.rules.demo_studio.work import close_jobs, discuss, note_hours, open_jobs, publish
from playlists.models import Playlist
from production.models import Project


@whole_step()
def make_demo_studio(plan: Plan, *, seed: int = 1, today: date | None = None, dry: bool = False) -> Counter[str]:
    """Store a demonstration studio whose story ends `today`; returns how many rows each table gained. `dry` only counts.

    Raises WrongParameter when productions of these names are there already.
    """
    names = [production_name(number)[0] for number in range(plan.productions)]
    if taken := Project.objects.filter(name__in=names).values_list("name", flat=True).first():
        raise WrongParameter(f"The production “{taken}” exists already.")
    draft = Draft(seed=seed, today=today or now().date(), dry=dry)
    configuration = configure(draft)
    people = engage(draft, plan.people, configuration)
    productions = []
    for number in range(plan.productions):
        assets, shots, per_asset, per_shot = plan.of_production(number)
        production = found_production(draft, number, {"Asset": per_asset, "Shot": per_shot}, configuration, people)
        draw_assets(draft, production, assets, configuration, people)
        draw_shots(draft, production, shots, configuration, people)
        productions.append(production)
    cast(draft, productions, plan.casting_links)
    jobs = [job for production in productions for job in open_jobs(draft, production, configuration)]
    discuss(draft, jobs, plan.comments, configuration)
    previews = publish(draft, jobs, plan.previews, configuration)
    note_hours(draft, jobs, plan.time_spents)
    close_jobs(draft, jobs)
    for production in productions:
        for entity in (*production.assets, *production.shots):
            draft.add(entity)
        gather_playlists(draft, production, previews, plan)
    draft.finish()
    return draft.counts


def gather_playlists(draft: Draft, production: Production, previews: dict[object, PreviewFile], plan: Plan) -> None:
    """The production's playlists: its share of all, each of shots that have a preview, or of any where none has."""
    shots = [shot for shot in production.shots if shot.pk in previews] or production.shots
    share = spread(plan.playlists, plan.productions)[0]
    for number in range(share):
        start = number * plan.shots_per_playlist
        chosen = [shots[place % len(shots)] for place in range(start, start + min(plan.shots_per_playlist, len(shots)))]
        entries = [
            {"entity_id": str(shot.pk), "preview_file_id": shot.preview_file_id and str(shot.preview_file_id)} for shot in chosen
        ]
        at = draft.moment(200 + number % 90)
        name = f"Dailies {number + 1:03}"
        values: dict[str, Any] = {"name": name, "shots": entries, "for_entity": "shot", "for_client": number % 5 == 0}
        draft.add(draft.new(Playlist, at=at, project_id=production.project.pk, created_by=production.reviewers[0].pk, **values))
