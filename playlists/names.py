"""The names of what is downloaded of playlists."""

from files.rules.naming import slug
from playlists.models import BuildJob, Playlist


def context_name(playlist: Playlist) -> str:
    """What a playlist is about, as part of file names: the production, and of a series the episode or what stands for none."""
    project = playlist.project
    if project is None:
        return "playlist"
    name = slug(project.name)
    if project.production_type != "tvshow":
        return name
    if playlist.episode is not None:
        return f"{name}_{slug(playlist.episode.name)}"
    if playlist.is_for_all:
        return f"{name}_all_{'assets' if playlist.for_entity == 'asset' else 'shots'}"
    return f"{name}_main_pack"


def archive_name(playlist: Playlist) -> str:
    """The name of the archive of a playlist's files."""
    return f"{context_name(playlist)}_{slug(playlist.name)}.zip"


def movie_name(job: BuildJob) -> str:
    """The name of a playlist's movie."""
    return f"{job.created_at:%Y%m%d_%H%M%S}_{context_name(job.playlist)}_{slug(job.playlist.name)}.mp4"
