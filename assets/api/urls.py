"""The routes of this room."""

from collections.abc import Mapping
from typing import Any

from django.urls import path

from assets.api.views.assets import AssetTypeViewSet, AssetViewSet, SharingViewSet
from assets.api.views.boards import LinkedConceptViewSet
from assets.api.views.casting import CastingViewSet, EntityLinkViewSet
from assets.api.views.concepts import ConceptFolderViewSet, ConceptViewSet
from assets.api.views.deletion import ManyDeletionsViewSet
from assets.api.views.edits import EditViewSet
from assets.api.views.entities import GenericEntityViewSet, OwnEntitiesViewSet
from assets.api.views.instances import AssetInstanceViewSet, PlacedInstanceViewSet
from assets.api.views.places import EpisodeViewSet, SceneViewSet, SequenceViewSet
from assets.api.views.search import SearchViewSet
from assets.api.views.shots import ShotViewSet
from core.api.router import ResourceRouter

router = ResourceRouter()
router.register("data/entities", GenericEntityViewSet)
router.register("data/entity-links", EntityLinkViewSet)
router.register("data/asset-instances", AssetInstanceViewSet)

PRODUCTION = "data/projects/<id:project_id>"
ACTIONS = "actions/projects/<id:project_id>"


def route(address: str, view: Any, **methods: str) -> Any:
    """One line of the table: an address, and which action answers which method."""
    actions: Mapping[str, str] = methods
    return path(address, view.as_view(dict(actions)))


urlpatterns = [
    route("data/asset-types", AssetTypeViewSet, get="list"),
    route("data/asset-types/<str:asset_type_id>", AssetTypeViewSet, get="retrieve"),
    route("data/projects/<str:project_id>/asset-types", AssetTypeViewSet, get="of_production"),
    route("data/shots/<id:shot_id>/asset-types", AssetTypeViewSet, get="of_shot"),
    route("data/user/projects/<id:project_id>/asset-types", AssetTypeViewSet, get="mine"),
    route("data/assets", AssetViewSet, get="list"),
    route("data/assets/all", AssetViewSet, get="list"),
    route("data/assets/with-tasks", AssetViewSet, get="with_tasks"),
    route("data/assets/<id:asset_id>", AssetViewSet, get="retrieve", delete="destroy"),
    route("data/assets/<id:asset_id>/assets", AssetViewSet, get="cast"),
    route("data/projects/<str:project_id>/assets", AssetViewSet, get="of_production"),
    route("data/projects/<str:project_id>/asset-types/<str:asset_type_id>/assets", AssetViewSet, get="of_type"),
    route(f"{PRODUCTION}/asset-types/<id:asset_type_id>/assets/new", AssetViewSet, post="make"),
    route(f"{PRODUCTION}/assets/shared-used", AssetViewSet, get="shared_used"),
    route(f"{PRODUCTION}/episodes/<str:episode_id>/assets/shared-used", AssetViewSet, get="shared_used"),
    route("actions/assets/share", SharingViewSet, post="share"),
    route(f"{ACTIONS}/assets/share", SharingViewSet, post="share_of_production"),
    route(f"{ACTIONS}/asset-types/<id:asset_type_id>/assets/share", SharingViewSet, post="share_of_type"),
    route("data/shots", ShotViewSet, get="list"),
    route("data/shots/all", ShotViewSet, get="list"),
    route("data/shots/with-tasks", ShotViewSet, get="with_tasks"),
    route("data/shots/<id:shot_id>", ShotViewSet, get="retrieve", put="update", delete="destroy"),
    route("data/shots/<id:shot_id>/assets", ShotViewSet, get="cast"),
    route("data/shots/<id:shot_id>/versions", ShotViewSet, get="versions"),
    route(f"{PRODUCTION}/shots", ShotViewSet, get="of_production", post="make"),
    route("data/sequences/<id:sequence_id>/shots", ShotViewSet, get="of_sequence"),
    route("data/episodes/<id:episode_id>/shots", ShotViewSet, get="of_episode"),
    route("data/scenes/<id:scene_id>/shots", ShotViewSet, get="of_scene", post="add_to_scene"),
    route("data/scenes/<id:scene_id>/shots/<id:shot_id>", ShotViewSet, delete="remove_from_scene"),
    route("data/sequences", SequenceViewSet, get="list"),
    route("data/sequences/with-tasks", SequenceViewSet, get="with_tasks"),
    route("data/sequences/<id:sequence_id>", SequenceViewSet, get="retrieve", delete="destroy"),
    route("data/episodes/<str:episode_id>/sequences", SequenceViewSet, get="of_episode"),
    route(f"{PRODUCTION}/sequences", SequenceViewSet, get="of_production", post="make"),
    route("data/episodes", EpisodeViewSet, get="list"),
    route("data/episodes/with-tasks", EpisodeViewSet, get="with_tasks"),
    route("data/episodes/<id:episode_id>", EpisodeViewSet, get="retrieve", delete="destroy"),
    route(f"{PRODUCTION}/episodes", EpisodeViewSet, get="of_production", post="make"),
    route("data/scenes/all", SceneViewSet, get="list"),
    route("data/scenes/with-tasks", SceneViewSet, get="with_tasks"),
    route("data/scenes/<id:scene_id>", SceneViewSet, get="retrieve", delete="destroy"),
    route("data/sequences/<id:sequence_id>/scenes", SceneViewSet, get="of_sequence"),
    route(f"{PRODUCTION}/scenes", SceneViewSet, get="of_production", post="make"),
    route("data/edits", EditViewSet, get="list"),
    route("data/edits/all", EditViewSet, get="list"),
    route("data/edits/with-tasks", EditViewSet, get="with_tasks"),
    route("data/edits/<id:edit_id>", EditViewSet, get="retrieve", delete="destroy"),
    route("data/edits/<id:edit_id>/versions", EditViewSet, get="versions"),
    route("data/episodes/<id:episode_id>/edits", EditViewSet, get="of_episode"),
    route(f"{PRODUCTION}/edits", EditViewSet, get="of_production", post="make"),
    route("data/concepts", ConceptViewSet, get="list"),
    route("data/concepts/with-tasks", ConceptViewSet, get="with_tasks"),
    route("data/concepts/<id:concept_id>", ConceptViewSet, get="retrieve", delete="destroy"),
    route(f"{PRODUCTION}/concepts", ConceptViewSet, get="of_production", post="make"),
    route(f"{ACTIONS}/move-concepts", ConceptViewSet, post="move"),
    route(f"{PRODUCTION}/concept-folders", ConceptFolderViewSet, get="of_production", post="make"),
    route("data/concept-folders/<id:folder_id>", ConceptFolderViewSet, put="update", delete="destroy"),
    route("data/entities/<id:entity_id>/entities-linked/with-tasks", LinkedConceptViewSet, get="linked"),
    route(f"{ACTIONS}/delete-entities", ManyDeletionsViewSet, post="delete_many"),
    route(f"{PRODUCTION}/entity-links", EntityLinkViewSet, get="of_production"),
    route(f"{PRODUCTION}/entity-links/<id:link_id>", EntityLinkViewSet, delete="remove"),
    route(f"{PRODUCTION}/entities/casting", CastingViewSet, put="replace_many"),
    route(f"{PRODUCTION}/entities/casting/assets/<id:asset_id>", CastingViewSet, put="cast_many"),
    route(f"{PRODUCTION}/entities/<id:entity_id>/casting", CastingViewSet, get="of_entity", put="replace"),
    route(f"{PRODUCTION}/sequences/all/casting", CastingViewSet, get="of_sequences"),
    route(f"{PRODUCTION}/sequences/<id:sequence_id>/casting", CastingViewSet, get="of_sequence"),
    route(f"{PRODUCTION}/episodes/<str:episode_id>/sequences/all/casting", CastingViewSet, get="of_episode"),
    route(f"{PRODUCTION}/episodes/casting", CastingViewSet, get="of_production"),
    route(f"{PRODUCTION}/asset-types/<id:asset_type_id>/casting", CastingViewSet, get="of_type"),
    route("data/assets/<id:asset_id>/casting", CastingViewSet, get="of_asset", put="replace_of_asset"),
    route("data/assets/<id:asset_id>/cast-in", CastingViewSet, get="cast_in"),
    route("data/scenes/<id:scene_id>/asset-instances", PlacedInstanceViewSet, get="of_scene", post="place_in_scene"),
    route("data/scenes/<id:scene_id>/camera-instances", PlacedInstanceViewSet, get="cameras_of_scene"),
    route("data/shots/<id:shot_id>/asset-instances", PlacedInstanceViewSet, get="of_shot", post="use_in_shot"),
    route("data/shots/<id:shot_id>/asset-instances/<id:instance_id>", PlacedInstanceViewSet, delete="take_out_of_shot"),
    route("data/assets/<id:asset_id>/shot-asset-instances", PlacedInstanceViewSet, get="in_shots"),
    route("data/assets/<id:asset_id>/scene-asset-instances", PlacedInstanceViewSet, get="in_scenes"),
    route("data/assets/<id:asset_id>/asset-asset-instances", PlacedInstanceViewSet, get="in_asset", post="place_in_asset"),
    route("data/user/sequences/<id:sequence_id>/shots", OwnEntitiesViewSet, get="shots"),
    route("data/user/sequences/<id:sequence_id>/scenes", OwnEntitiesViewSet, get="scenes"),
    route("data/user/projects/<id:project_id>/sequences", OwnEntitiesViewSet, get="sequences"),
    route("data/user/projects/<id:project_id>/episodes", OwnEntitiesViewSet, get="episodes"),
    route("data/user/projects/<id:project_id>/asset-types/<id:asset_type_id>/assets", OwnEntitiesViewSet, get="assets"),
    route("data/search", SearchViewSet, post="search"),
    *router.urls,
]
