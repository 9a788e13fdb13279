"""Naming conventions of clips: templates such as `${sequence_name}-${shot_name}`."""

import re
from collections.abc import Mapping
from string import Template

from core.errors import Refusal
from imports.timelines.reading import Clip, Cut

DEFAULT = "${project_name}_${sequence_name}-${shot_name}"
DEFAULT_IN_EPISODE = "${project_name}_${episode_name}-${sequence_name}-${shot_name}"
LONGEST = 1000
LONGEST_NAME = 160
NOTHING_FOUND = "No matched value while extracting shot informations."
NO_NAME = "No {part} name found while extracting shot informations."


class Convention:
    """How clips are called. Its words of refusal are those that clients of the API know."""

    def __init__(self, template: str) -> None:
        if len(template) > LONGEST:
            raise Refusal(f"A naming convention has at most {LONGEST} characters.")
        self.template = Template(template)

    def name(self, names: Mapping[str, str]) -> str:
        """The name of the clip of a shot. Raises a refusal for variables that nothing is known of."""
        try:
            return self.template.substitute(names)
        except KeyError as error:
            raise Refusal(f"KeyError: {error}") from None
        except ValueError as error:
            raise Refusal(f"ValueError: {error}") from None

    @property
    def pattern(self) -> str:
        """The regular expression in which each variable stands for letters, digits and underscores."""

        def expression(match: re.Match[str]) -> str:
            name = match["named"] or match["braced"]
            return f"(?P<{name}>\\w*)" if name else "\\$"

        return Template.pattern.sub(expression, self.template.template)  # type: ignore[attr-defined]


def place_of(clip: Clip, cut: Cut) -> tuple[str, str]:
    """The names of the sequence and the shot in a clip's name. Raises a refusal where it does not follow the convention."""
    if cut.pattern_error is not None:
        raise Refusal(f"error: {cut.pattern_error}")
    if clip.found is None:
        raise Refusal(f"KeyError: '{NOTHING_FOUND}'")
    sequence, shot = (part_of(clip.found, part) for part in ("sequence", "shot"))
    return sequence, shot


def part_of(found: Mapping[str, str], part: str) -> str:
    """One of the names. Raises a refusal where it is missing or too long."""
    name = found.get(f"{part}_name") or ""
    if not name:
        raise Refusal(f"KeyError: '{NO_NAME.format(part=part)}'")
    if len(name) > LONGEST_NAME:
        raise Refusal(f"The name of a {part} has at most {LONGEST_NAME} characters.")
    return name
