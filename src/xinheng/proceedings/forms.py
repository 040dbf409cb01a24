"""Forms of steps, made from the table for whichever door shows them; uploads kept on disk while they are looked at."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from xinheng.base.uploads import LARGEST, MEGABYTE
from xinheng.proceedings.actions.attaching import Upload
from xinheng.proceedings.procedures import FormField
from xinheng.proceedings.stating import LONGEST, StatedWrong

_CHUNK = 1024 * 1024
FILES_HELP = f"可以上传 PDF、JPG、PNG、DOCX、XLSX，每份不超过 {LARGEST // MEGABYTE} MB。"


class SeveralFiles(forms.ClearableFileInput):
    """One control for several files."""

    allow_multiple_selected = True


class StepForm(forms.Form):
    """What a step needs to be told. It judges nothing: the action does, and `tell` puts its words beside the fields."""

    use_required_attribute = False

    def __init__(self, fields: Iterable[FormField], data: Mapping[str, Any] | None = None, *, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        for field in fields:
            made = forms.CharField(
                label=field.label, required=False, help_text=field.help, widget=_widget(field), strip=False
            )
            self.fields[field.key] = made

    def stated(self) -> dict[str, str]:
        """Everything that was typed, as it was typed."""
        self.full_clean()
        return {name: str(self.data.get(self.add_prefix(name), "")) for name in self.fields}

    def tell(self, wrong: StatedWrong) -> None:
        """Put each problem beside its field."""
        for key, problem in wrong.problems.items():
            self.add_error(key if key in self.fields else None, problem)


def _widget(field: FormField) -> forms.Widget:
    if field.kind == "choice":
        return forms.Select(choices=[("", "请选择"), *field.options])
    if field.kind == "day":
        return forms.DateInput(attrs={"type": "date"})
    if field.kind == "text":
        return forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST["text"]})
    return forms.TextInput(attrs={"maxlength": LONGEST["line"], "autocomplete": "off"})


@contextmanager
def on_disk(files: Iterable[tuple[str, "UploadedFile[bytes]"]]) -> Iterator[list[Upload]]:
    """Uploaded files, each with its kind, in the home's temporary folder for the time of the block."""
    with ExitStack() as stack:
        uploads = []
        for kind, sent in files:
            path = settings.HOME.tmp / f"upload-{uuid.uuid4().hex}"
            stack.callback(path.unlink, missing_ok=True)
            with path.open("wb") as target:
                for chunk in sent.chunks(_CHUNK):
                    target.write(chunk)
            uploads.append(Upload(kind, sent.name or "材料", path))
        yield uploads


def files_in(sent: Any, kinds: Iterable[tuple[str, str]]) -> list[tuple[str, "UploadedFile[bytes]"]]:
    """The files of a request, by kind: each kind has a control named `file-<kind>`."""
    return [(kind, one) for kind, _ in kinds for one in sent.getlist(f"file-{kind}")]
