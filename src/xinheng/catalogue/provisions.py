"""The provisions that fields may refer to, read from the law folder of the pack's files."""

from dataclasses import dataclass

from xinheng.rulebook.loader import Pack


@dataclass(frozen=True)
class ProvisionReference:
    """One article of a registered text, as far as the catalogue needs it to state a basis."""

    key: str
    """`text_key#article`."""
    text_title: str
    document_no: str
    article: str
    verified: bool
    fictional: bool

    def __str__(self) -> str:
        number = f"（{self.document_no}）" if self.document_no else ""
        return f"《{self.text_title}》{number}{self.article}"


def load_provisions(pack: Pack) -> dict[str, ProvisionReference]:
    """All provisions of the pack's layers by `text_key#article`."""
    provisions: dict[str, ProvisionReference] = {}
    for file in pack.files("law"):
        text = file.section
        for article in text.sections("provisions"):
            reference = ProvisionReference(
                key=f"{text.text('key')}#{article.text('article')}",
                text_title=text.text("title"),
                document_no=text.text("document_no", ""),
                article=article.text("article"),
                verified=article.flag("verified"),
                fictional=text.flag("fictional", False),
            )
            provisions[reference.key] = reference
    return provisions
