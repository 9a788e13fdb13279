"""Installing plugins and removing them: their folder and their row stay in step."""

from pathlib import Path
from typing import Any

from django.conf import settings
from semver import Version

from core.rules import create_row, delete_row, update_row
from core.transactions import hold, whole_step
from production.models import Plugin
from production.plugins.loading import load_plugin, plugin_folders
from production.plugins.manifest import Manifest, PluginRefused, read_manifest
from production.plugins.packages import bring, is_address
from production.plugins.placing import alone, replaced

ALIKE = ("name", "version", "license", "maintainer_name", "frontend_project_enabled", "frontend_studio_enabled")
COLUMNS = ("plugin_id", "name", "version", "maintainer_name", "maintainer_email", "license", "website", "description", *ALIKE[4:])


def is_installed(plugin_id: str) -> bool:
    """There is a row of it."""
    return Plugin.objects.filter(plugin_id=plugin_id).exists()


def install_plugin(source: str, *, force: bool = False, by: Any = None) -> Manifest:
    """Install the plugin of a folder, a zip file or an https address of one, or a newer version of one that is installed.

    Its code is tried first. With `force` the same or an older version takes the place of what is there. A folder that stands in
    PLUGIN_FOLDER already gets its row. Raises PluginRefused, and then nothing has changed; a server takes it up at its next start.
    """
    with alone(is_installed) as work:
        folder = Path(source).resolve()
        if not is_address(source) and folder.is_dir() and folder.parent == settings.PLUGIN_FOLDER.resolve():
            manifest = load_plugin(folder, in_place=True).manifest
            record_plugin(manifest, force=force, by=by)
            return manifest
        bring(source, work / "plugin")
        manifest = load_plugin(work / "plugin").manifest
        goal = settings.PLUGIN_FOLDER / manifest.id
        refuse_twin(manifest)
        with replaced(goal, work / "plugin"):
            record_plugin(manifest, force=force, by=by)
        return manifest


def refuse_twin(manifest: Manifest) -> None:
    """Raises PluginRefused where a plugin has the same id in other letters: not every disk tells them apart."""
    ids = {folder.name for folder in plugin_folders()} | set(Plugin.objects.values_list("plugin_id", flat=True))
    twins = [other for other in ids - {manifest.id} if other.casefold() == manifest.id.casefold()]
    if twins:
        raise PluginRefused(f"The plugin {twins[0]} is installed, whose id is the same but for the case of its letters.")


@whole_step()
def record_plugin(manifest: Manifest, *, force: bool, by: Any) -> Plugin:
    """Store the row of a plugin, or change it. Without `force` its version must be newer. Raises PluginRefused."""
    hold("plugins")
    row = Plugin.objects.filter(plugin_id=manifest.id).first()
    if row is None:
        return create_row(Plugin, manifest.columns, relations={}, by=by)  # type: ignore[no-any-return]
    if not force and not is_newer(manifest.version, row.version):
        raise PluginRefused(f"{row.name} {row.version} is installed already: --force puts {manifest.version} in its place.")
    return update_row(row, manifest.columns, relations={}, by=by)  # type: ignore[no-any-return]


def is_newer(version: str, other: str) -> bool:
    """The version comes after the other one, which a row may have in any form."""
    return not Version.is_valid(other) or Version.parse(version) > Version.parse(other)


def uninstall_plugin(plugin_id: str, *, by: Any = None) -> None:
    """Remove a plugin, folder and row, as far as they are there. Raises PluginRefused where neither is."""
    with alone(is_installed):
        folders = {folder.name: folder for folder in plugin_folders()}
        if plugin_id not in folders:
            if not forget_plugin(plugin_id, by=by):
                raise PluginRefused(f"There is no plugin {plugin_id}.")
            return
        with replaced(folders[plugin_id], None):
            forget_plugin(plugin_id, by=by)


@whole_step()
def forget_plugin(plugin_id: str, *, by: Any) -> bool:
    """Delete the row of a plugin, and say whether there was one."""
    hold("plugins")
    row = Plugin.objects.filter(plugin_id=plugin_id).first()
    if row is None:
        return False
    delete_row(row, by=by)
    return True


def known_plugins() -> list[dict[str, Any]]:
    """What is installed, by id: the row's columns, or the manifest's where there is no row; and its `state`.

    The state is `installed`, or says what does not fit.
    """
    found = {row["plugin_id"]: {**row, "state": "no folder"} for row in Plugin.objects.order_by().values(*COLUMNS)}
    for folder in plugin_folders():
        row = found.setdefault(folder.name, {**dict.fromkeys(COLUMNS), "plugin_id": folder.name, "state": "no row"})
        try:
            said = read_manifest(folder).columns
        except PluginRefused as refusal:
            row["state"] = f"broken: {refusal.message}"
            continue
        if row["state"] == "no row":
            row.update({name: said[name] for name in COLUMNS})
        else:
            row["state"] = "installed" if all(row[name] == said[name] for name in ALIKE) else "row and folder differ"
    return [found[plugin_id] for plugin_id in sorted(found)]
