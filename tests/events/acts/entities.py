"""Acts about entities and what is cast in what."""

from tests.events.acts.form import act

P = "/data/projects/{project}"
CAST = "nb_entities_out added_asset_ids removed_asset_ids"
SHOWN = "task:update-casting-stats task_id nb_assets_ready unstored"
COUNTED = (SHOWN, SHOWN)
LINKED = "entity-link:new entity_link_id entity_in_id entity_out_id nb_occurences"


def used(g):
    g.instance.shots.add(g.shot)


def with_scene(g):
    g.post("/data/scenes/{scene}/shots", {"shot_id": g.named["empty_shot"]})


def of_kind(name, kind, key, new, body):
    """Making an entity by its own route and by the generic one, changing it, deleting it."""
    generic = {"name": "Other", "project_id": "{project}", "entity_type_id": "{" + kind + "_type}"}
    return [
        act(f"post {P}/{name}", new, body={"name": "Another", **body}),
        act("post /data/entities", f"{key}:new {key.replace('-', '_')}_id", body=generic),
        act(f"put /data/entities/{{{kind}}}", f"{key}:update {key.replace('-', '_')}_id", body={"description": "New"}),
    ]


ACTS = [
    act(f"post {P}/asset-types/{{character}}/assets/new", "asset:new asset_id asset_type", body={"name": "Villain"}),
    act(
        "post /data/entities", "asset:new asset_id", body={"name": "X", "project_id": "{project}", "entity_type_id": "{character}"}
    ),
    act("put /data/entities/{sword}", "asset:update asset_id", body={"description": "New"}),
    act("delete /data/assets/{sword}?force=true", "asset:delete asset_id"),
    *of_kind("shots", "shot", "shot", "shot:new shot_id episode_id", {"sequence_id": "{sequence}"}),
    act("delete /data/shots/{empty_shot}?force=true", "shot:delete shot_id"),
    *of_kind("sequences", "sequence", "sequence", "sequence:new sequence_id", {"episode_id": "{episode}"}),
    act("delete /data/sequences/{lonely_sequence}?force=true", "sequence:delete sequence_id"),
    *of_kind("episodes", "episode", "episode", "episode:new episode_id", {}),
    act("delete /data/episodes/{lonely_episode}?force=true", "episode:delete episode_id"),
    *of_kind("scenes", "scene", "scene", "scene:new scene_id", {"sequence_id": "{sequence}"}),
    act("delete /data/scenes/{lonely_scene}?force=true", "scene:delete scene_id"),
    *of_kind("edits", "edit", "edit", "edit:new edit_id parent_id", {"episode_id": "{episode}"}),
    act("delete /data/edits/{edit}?force=true", "edit:delete edit_id"),
    *of_kind("concepts", "concept", "concept", "concept:new concept_id", {}),
    act("delete /data/concepts/{concept}?force=true", "concept:delete concept_id"),
    act(f"post {P}/concept-folders", "concept-folder:new concept_folder_id", body={"name": "Another"}),
    act("put /data/concept-folders/{folder}", "concept-folder:update concept_folder_id", body={"name": "Another"}),
    act("delete /data/concept-folders/{folder}", "concept-folder:delete concept_folder_id"),
    act(
        f"put {P}/entities/{{shot}}/casting",
        "asset:update asset_id",
        LINKED,
        LINKED,
        f"shot:casting-update shot_id {CAST}",
        *COUNTED,
        body=[{"asset_id": "{hero}", "nb_occurences": 1}, {"asset_id": "{sword}", "nb_occurences": 2}],
    ),
    act(
        f"put {P}/entities/casting/assets/{{hero}}",
        "entity-link:update entity_link_id nb_occurences",
        f"shot:casting-update shot_id {CAST}",
        *COUNTED,
        body={"entity_ids": ["{shot}"], "nb_occurences": 3},
    ),
    act(
        f"put {P}/entities/{{episode}}/casting",
        LINKED,
        f"episode:casting-update episode_id {CAST}",
        "asset:update asset_id",
        body=[{"asset_id": "{sword}", "nb_occurences": 1}],
    ),
    act(
        f"put {P}/entities/{{hero}}/casting",
        LINKED,
        f"asset:casting-update asset_id {CAST}",
        body=[{"asset_id": "{sword}", "nb_occurences": 1}],
    ),
    act(f"delete {P}/entity-links/{{link}}", f"shot:casting-update shot_id {CAST}", *COUNTED),
    act("post /data/scenes/{scene}/shots", "shot:update shot_id", "shot:add-to-scene scene_id shot_id", body={"shot_id": "{shot}"}),
    act(
        "delete /data/scenes/{scene}/shots/{empty_shot}",
        "shot:update shot_id",
        "shot:remove-from-scene scene_id shot_id",
        first=with_scene,
    ),
    act(
        "post /data/scenes/{scene}/asset-instances",
        "asset_instance:new scene_id asset_id asset_instance_id @team",
        body={"asset_id": "{hero}"},
    ),
    act(
        "post /data/assets/{hero}/asset-asset-instances",
        "asset_instance:new asset_id asset_instantiated asset_instance_id @team",
        body={"asset_to_instantiate_id": "{sword}"},
    ),
    act(
        "post /data/shots/{shot}/asset-instances",
        "asset_instance:add-to-shot shot_id asset_instance_id @team",
        body={"asset_instance_id": "{instance}"},
    ),
    act(
        "delete /data/shots/{shot}/asset-instances/{instance}",
        "asset_instance:remove-from-shot shot_id asset_instance_id @team",
        first=used,
    ),
]
