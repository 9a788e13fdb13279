"""Working and output files, previews, attachments."""

from files.models.attachments import AttachmentFile
from files.models.previews import PreviewFile
from files.models.production_files import FileStatus, OutputFile, OutputType, WorkingFile
from files.models.transcodings import Transcoding

__all__ = [
    "AttachmentFile",
    "FileStatus",
    "OutputFile",
    "OutputType",
    "PreviewFile",
    "Transcoding",
    "WorkingFile",
]
