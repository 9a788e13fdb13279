"""A studio in which every act of the table can be done."""

from functools import cached_property

from assets.models import AssetInstance, EntityLink
from core.api.routes import api_routes
from core.api.views import ResourceViewSet
from files.models import OutputType
from people.rules.organisation import current_organisation
from playlists.models import Playlist
from production.models import Budget, ProductionScheduleVersion, ProjectTaskTypeLink
from tasks.models import Comment
from tests.client import ApiClient
from tests.files.studio import make_work, publish
from tests.makers import (
    make_asset,
    make_department,
    make_entity,
    make_entity_type,
    make_sequence,
    make_shot,
    make_task,
    make_task_status,
    make_task_type,
)
from tests.production.ground import furnish
from tests.rows import Rows

COMMENT = {"object_type": "Task", "text": "Please look"}


class Ground:
    """The cast's production with one of everything; `named` has the ids of what the table speaks of by name."""

    def __init__(self, cast):
        self.cast, self.project = cast, cast.project
        self.named = {"project": str(cast.project.pk), **furnish(cast)}
        self.entities()
        self.work()
        self.name(**{role: cast.of(role) for role in ("admin", "manager", "supervisor", "user", "client", "vendor", "outsider")})
        self.name(organisation=current_organisation(), output_type=OutputType.objects.create(name="Render", short_name="rnd"))
        self.begin()

    def begin(self):
        """Nothing was done yet."""
        self.heard = []
        known = (self.project, self.cast.user, self.task, self.shot, self.comment, self.version, self.hero.entity_type)
        self.rows = Rows(**{type(row).__name__: row for row in known}, budget=Budget.objects.get(pk=self.named["budget"]))

    def name(self, **rows):
        """Gives rows a name, in the table and here."""
        for name, row in rows.items():
            setattr(self, name, row)
            self.named[name] = str(row.pk)

    def entities(self):
        """Entities of every kind; the hero is cast in the shot."""
        project = self.project
        episode = make_entity("Episode", project, name="E01")
        sequence = make_sequence(project, name="SQ01", parent=episode)
        shot, hero = make_shot(project, name="SH01", parent=sequence), make_asset(project, name="Hero")
        scene, sword = make_entity("Scene", project, name="SC01", parent=sequence), make_asset(project, name="Sword")
        self.name(
            episode=episode,
            sequence=sequence,
            shot=shot,
            empty_shot=make_shot(project, name="SH02", parent=sequence),
            scene=scene,
            hero=hero,
            sword=sword,
            edit=make_entity("Edit", project, name="Reel", parent=episode),
            concept=make_entity("Concept", project, name="Sketch"),
            folder=make_entity("ConceptFolder", project, name="Folder", data=None),
            link=EntityLink.objects.create(entity_in=shot, entity_out=hero),
            instance=AssetInstance.objects.create(asset=hero, scene=scene, name="Hero_0001", number=1),
            character=hero.entity_type,
            other_kind=make_entity_type(),
            lonely_episode=make_entity("Episode", project, name="E02"),
            lonely_sequence=make_sequence(project, name="SQ02"),
            lonely_scene=make_entity("Scene", project, name="SC02", parent=sequence),
            **{f"{row.entity_type.name.lower()}_type": row.entity_type for row in (shot, sequence, episode, scene)},
            edit_type=make_entity_type(name="Edit"),
            concept_type=make_entity_type(name="Concept"),
        )

    def work(self):
        """A task with a comment, by the artist who has it, and what goes with it."""
        project = self.project
        animation = make_task_type(name="Animation", department=make_department(name="Animation"))
        modeling = make_task_type(name="Modeling", for_entity="Asset")
        for task_type in (animation, modeling):
            ProjectTaskTypeLink.objects.create(project=project, task_type=task_type)
        todo = make_task_status(name="Todo", short_name="todo", is_default=True)
        assigned = {"assignees": [self.cast.user], "task_status": todo}
        self.name(
            animation=animation,
            modeling=modeling,
            todo=todo,
            wip=make_task_status(name="Work In Progress", short_name="wip", is_wip=True),
            wfa=make_task_status(name="Waiting For Approval", short_name="wfa", is_feedback_request=True),
            finished=make_task_status(name="Done", short_name="done", is_done=True),
            other_type=make_task_type(),
            other_status=make_task_status(),
            task=make_task(project, entity=self.shot, task_type=animation, **assigned),
            sibling=make_task(project, entity=self.shot, task_status=todo),
            model_task=make_task(project, entity=self.hero, task_type=modeling, task_status=todo),
            version=ProductionScheduleVersion.objects.create(project=project, name="V1"),
            playlist=Playlist.objects.create(project=project, name="Dailies"),
        )
        self.name(comment=Comment.objects.create(object_id=self.task.pk, person=self.cast.user, task_status=todo, **COMMENT))

    @cached_property
    def models(self):
        """The model behind each table of the generic routes."""
        views = [(route.path.removeprefix("/data/"), route.view) for route in api_routes() if route.action == "create"]
        return {name: view.reader.model for name, view in views if isinstance(view, type) and issubclass(view, ResourceViewSet)}

    def as_(self, role):
        """The server as somebody of the cast asks it."""
        return ApiClient(self.cast.of(role))

    @property
    def api(self):
        """The server as the studio's manager asks it."""
        return self.as_("admin")

    def put(self, path, body):
        """Changes something beforehand."""
        return self.answered(self.api.put(path.format(**self.named), body))

    def post(self, path, body=None, **names):
        """Makes something beforehand; its id is known by the name given."""
        return self.answered(self.api.post(path.format(**self.named), body))

    @staticmethod
    def answered(answer):
        """What was answered, once it succeeded."""
        assert answer.status_code < 300, answer.content
        return answer.json() if answer.content else None

    def say(self, status="wip", text="words", role="admin", **more):
        """Posts a comment; it is `said` from then on."""
        body = {"task_status_id": self.named[status], "comment": text, **more}
        answer = self.answered(self.as_(role).post(f"/actions/tasks/{self.task.pk}/comment", body))
        self.named["said"] = answer["id"]
        return answer

    def publish(self, name="frame.png"):
        """A preview with a picture, of a comment of its own."""
        work = make_work(self.project, self.cast.user, shot=self.shot)
        preview = publish(work, self.cast.user)
        self.name(preview=preview, preview_task=work.task, preview_comment=work.comment)
