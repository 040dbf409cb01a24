"""The form a file comes in by."""

from django import forms

from xinheng.intake.actions.delivering import GUESS


class UploadForm(forms.Form):
    """Type, department and file."""

    type = forms.ChoiceField(label="信息类型")
    department = forms.ChoiceField(label="以哪个部门的名义报送")
    file = forms.FileField(
        label="文件",
        help_text="CSV（UTF-8 或 GB18030）、XLSX、JSON Lines、Parquet，或者它们的 ZIP 压缩包。",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.jsonl,.ndjson,.parquet,.zip"}),
        error_messages={"required": "请选择要报送的文件。", "empty": "文件是空的，里面没有内容。"},
    )

    def __init__(
        self, *args: object, types: list[tuple[str, str]], departments: list[tuple[str, str]], **options: object
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        for name, choices in (("type", [(GUESS, "按列名自动识别"), *types]), ("department", departments)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
