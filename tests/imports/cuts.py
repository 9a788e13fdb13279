"""Cuts as editing programs write them."""

import json

EDL = """TITLE: Cut

001  AX       V     C        00:00:00:00 00:00:05:05 01:00:00:00 01:00:05:05
* FROM CLIP NAME: {0}.mp4
002  AX       V     C        00:00:00:00 00:00:02:23 01:00:05:05 01:00:08:03
* FROM CLIP NAME: {1}.mov
"""


def edl(first="Film_SQ50-SH10", second="Film_SQ50-SH20"):
    """Two clips of 130 and 73 frames at 25 frames a second."""
    return EDL.format(first, second)


def time(value, rate=25.0):
    """A time of OTIO."""
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": rate, "value": value}


def span(start, frames):
    """A range of OTIO."""
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(frames)}


def clip(name, frames, media=None, **more):
    """A clip that starts at frame 1001 of its source."""
    return {"OTIO_SCHEMA": "Clip.1", "name": name, "source_range": span(1001, frames), "media_reference": media, **more}


def otio(*tracks):
    """A timeline; a track is a list of children, or a pair of kind and children."""
    found = [track if isinstance(track, tuple) else ("Video", track) for track in tracks]
    stack = [{"OTIO_SCHEMA": "Track.1", "kind": kind, "name": kind, "children": children} for kind, children in found]
    return json.dumps({"OTIO_SCHEMA": "Timeline.1", "name": "Cut", "tracks": {"OTIO_SCHEMA": "Stack.1", "children": stack}})


XML = """<?xml version="1.0"?>
<!DOCTYPE xmeml>
<xmeml version="4"><sequence id="s"><name>Cut</name><duration>203</duration><rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>
<media><video><track>{0}</track></video></media></sequence></xmeml>
"""
ITEM = """<clipitem id="{0}"><name>{0}</name><duration>{3}</duration><rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>
<start>{1}</start><end>{2}</end><in>0</in><out>{3}</out><file id="f{0}"><name>{0}.mov</name><duration>{3}</duration>
<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate></file></clipitem>"""


def xml(*names):
    """Clips of 10 frames, one after the other."""
    return XML.format("".join(ITEM.format(name, at * 10, at * 10 + 10, 10) for at, name in enumerate(names)))
