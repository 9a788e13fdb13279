"""What clients see of the files room's rows."""

from chat.models import ChatMessage
from core.jsontext import nested_row
from core.projection import Projection
from files.models import AttachmentFile, FileStatus, OutputFile, OutputType, PreviewFile, WorkingFile
from tasks.models import Comment

FILE_STATUS = Projection(FileStatus)
OUTPUT_TYPE = Projection(OutputType)
WORKING_FILE = Projection(WorkingFile, relations=["outputs"])
OUTPUT_FILE = Projection(OutputFile, embedded={"source_file": nested_row(WORKING_FILE, "source_file")})
PREVIEW_FILE = Projection(PreviewFile, relations=["comments"])
ATTACHMENT_FILE = Projection(
    AttachmentFile,
    embedded={
        "comment": nested_row(Projection(Comment), "comment"),
        "chat_message": nested_row(Projection(ChatMessage), "chat_message"),
    },
)

SHORT_PREVIEW = [
    "id",
    "name",
    "original_name",
    "extension",
    "revision",
    "position",
    "file_size",
    "status",
    "validation_status",
    "task_id",
    "person_id",
    "created_at",
    "token_in",
    "token_out",
]
SHORT_ATTACHMENT = ("id", "name", "extension", "size")
