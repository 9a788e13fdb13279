"""The program that reads one file of an editing program, in a process of its own.

Readers of such files crash, loop or fill the memory on hostile ones; here that costs one process with little time and memory. It
is run by its path, with no environment and without the rest of Callboard: it reads a line of JSON and the file from its standard
input, and writes one JSON object.
"""

import io
import json
import re
import resource
import sys
import zipfile

SECONDS, BYTES = 30, 2 * 1024**3
INSIDE = "content.otio"
EXTENSION = re.compile(r"\.[^.\s/]*$")
UNICODE_ERRORS = "replace"


class Unreadable(Exception):
    """The file is not what its name says."""


def limit() -> None:
    """Gives this process little time and memory, and no files to write."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def text_of(content, kind):
    """The text that the reader of the format takes."""
    if kind == "otioz":
        with zipfile.ZipFile(io.BytesIO(content)) as bundle, bundle.open(INSIDE) as inside:
            content = inside.read(BYTES // 8)
    text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", UNICODE_ERRORS)
    if kind == "xml" and "<!ENTITY" in text.upper():
        raise Unreadable("entities are not allowed")
    return text


def read(content, kind, rate):
    """What the file holds."""
    import opentimelineio as otio

    text = text_of(content, kind)
    if kind == "edl":
        return otio.adapters.read_from_string(text, "cmx_3600", rate=rate, ignore_timecode_mismatch=True)
    return otio.adapters.read_from_string(text, "fcp_xml" if kind == "xml" else "otio_json")


def timeline_of(found):
    """The only timeline in what was read."""
    import opentimelineio as otio

    if isinstance(found, otio.schema.Timeline):
        return found
    if not isinstance(found, otio.schema.SerializableCollection):
        raise Unreadable("the file holds no timeline")
    timelines = list(found.find_children(otio.schema.Timeline))
    if len(timelines) != 1:
        raise Unreadable(f"the file holds {len(timelines) or 'no'} timelines, where one is expected")
    return timelines[0]


def clips_of(timeline, most):
    """The clips of all video tracks, each with its place in its track."""
    import opentimelineio as otio

    found = []
    for track in timeline.video_tracks():
        at = otio.opentime.RationalTime(0, 1)
        for child in track:
            if isinstance(child, otio.schema.Transition):
                continue
            length = child.duration()
            if isinstance(child, otio.schema.Clip):
                found.append(described(child, at, length))
            elif isinstance(child, otio.core.Composition):
                for clip in child.find_clips():
                    span = track.range_of_child(clip)
                    found.append(described(clip, span.start_time, span.duration))
            if len(found) > most:
                raise Unreadable(f"the file has more than {most} clips")
            at += length
    return found


def described(clip, start, length):
    """A clip's name, its first and last frame in the track, and how many frames of its source it shows."""
    import opentimelineio as otio

    own = clip.trimmed_range().duration
    rate = own.rate if own.rate > 0 else 1
    span = otio.opentime.TimeRange(start.rescaled_to(rate), length.rescaled_to(rate))
    first = int(round(span.start_time.value))
    return {"name": name_of(clip), "first": first, "last": first + int(round(span.duration.value)) - 1, "frames": own.to_frames()}


def name_of(clip):
    """The clip's name without extension, else what its media is called."""
    media = clip.media_reference
    url = str(getattr(media, "target_url", "") or "")
    names = (clip.name, getattr(media, "name_prefix", ""), getattr(media, "name", ""), url.replace("\\", "/").rsplit("/", 1)[-1])
    name = next((str(name) for name in names if name), "")
    return EXTENSION.sub("", name)


def matched(clips, pattern):
    """Adds to each clip what the pattern finds in its name; gives why the pattern is none."""
    try:
        expression = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    for clip in clips:
        match = expression.match(clip["name"])
        clip["found"] = match.groupdict() if match else None
    return None


def main():
    """Reads, and answers."""
    limit()
    order = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    try:
        clips = clips_of(timeline_of(read(content, order["kind"], order["rate"])), order["most"])
        answer = {"clips": clips, "pattern_error": matched(clips, order["pattern"])}
    except BaseException as error:  # whatever a reader makes of a file, its words go back
        answer = {"error": f"{error}" or type(error).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
