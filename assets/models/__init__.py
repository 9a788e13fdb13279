"""Every entity of a production: assets, shots, sequences, episodes, scenes, edits, concepts."""

from assets.models.casting import AssetInstance, EntityLink
from assets.models.entities import Entity, EntityVersion
from assets.models.search import SearchDocument

__all__ = [
    "AssetInstance",
    "Entity",
    "EntityLink",
    "EntityVersion",
    "SearchDocument",
]
