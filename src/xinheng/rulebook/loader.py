"""Packs: folders of dated YAML, layered from the national rules down to one county."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xinheng.base.errors import NotFound
from xinheng.rulebook.reading import RulebookError, Section, read_each, read_yaml
from xinheng.rulebook.rules import Rule, read_rule

PACKS = Path(__file__).parent / "packs"


@dataclass(frozen=True)
class Region:
    """A division that a pack speaks for, or one above it."""

    code: str
    name: str
    full_name: str
    level: str


@dataclass(frozen=True)
class PackFile:
    """One YAML file of a pack; `pack` is the layer it comes from, `name` the file name without suffix."""

    pack: str
    name: str
    path: Path
    section: Section


@dataclass(frozen=True)
class Pack:
    """A layer of rules on top of its parent."""

    name: str
    title: str
    parent: "Pack | None"
    root: Path
    site_name: str = ""
    notice: str = ""
    """A line every page must show; empty for most packs."""
    fictional: bool = False
    region: Region | None = None
    upper_regions: tuple[Region, ...] = ()
    """Divisions above the region, nearest first."""

    @property
    def layers(self) -> tuple["Pack", ...]:
        """From the outermost parent to this pack."""
        return (*(self.parent.layers if self.parent else ()), self)

    def files(self, folder: str, pattern: str = "*.yaml") -> Iterator[PackFile]:
        """All YAML files of a folder, parents first, in name order; read anew at each call."""
        for layer in self.layers:
            for path in sorted((layer.root / layer.name / folder).glob(pattern)):
                shown_as = path.relative_to(layer.root).as_posix()
                yield PackFile(layer.name, path.stem, path, read_yaml(path, shown_as))

    def file(self, name: str) -> PackFile:
        """The file of that name (`boundaries.yaml`) from the innermost layer that has it."""
        for layer in reversed(self.layers):
            path = layer.root / layer.name / name
            if path.exists():
                shown_as = path.relative_to(layer.root).as_posix()
                return PackFile(layer.name, path.stem, path, read_yaml(path, shown_as))
        raise NotFound(f"规则包“{self.title}”没有文件 {name}。")

    def rules(self) -> dict[str, Rule]:
        """The dated parameters; an inner layer's rule replaces the outer one of the same key as a whole."""
        result: dict[str, Rule] = {}
        for file in self.files("parameters"):
            rule = read_rule(file.section, file.pack)
            earlier = result.get(rule.key)
            if earlier and earlier.pack == file.pack:
                raise RulebookError(rule.place, f"规则“{rule.key}”重复，另见 {earlier.place}。")
            result[rule.key] = rule
        return result


@cache
def load_pack(name: str, root: Path = PACKS) -> Pack:
    """The pack of that name with its parents; NotFound in words when there is none."""
    return _read_pack(name, root, ())


def pack_names(root: Path = PACKS) -> tuple[str, ...]:
    """Names of the packs there are."""
    return tuple(sorted(path.parent.name for path in root.glob("*/pack.yaml")))


def _read_pack(name: str, root: Path, children: tuple[str, ...]) -> Pack:
    if name not in pack_names(root):
        raise NotFound(f"没有名为“{name}”的规则包。", f"可用的规则包：{'、'.join(pack_names(root))}。")
    section = read_yaml(root / name / "pack.yaml", f"{name}/pack.yaml")
    parent = section.text("parent", "")
    if parent in (*children, name):
        raise section.refuse("parent", f"规则包“{name}”把自己当作上级。")
    if section.text("key") != name:
        raise section.refuse("key", f"“key”应与文件夹同名：{name}。")
    region = None
    if "region" in section:
        inner = section.section("region")
        region = _read_region(inner)
        inner.done()
    pack = Pack(
        name=name,
        title=section.text("title"),
        parent=_read_pack(parent, root, (*children, name)) if parent else None,
        root=root,
        site_name=section.text("site_name", ""),
        notice=section.text("notice", ""),
        fictional=section.flag("fictional", False),
        region=region,
        upper_regions=tuple(read_each(section.sections("upper_regions"), _read_region)),
    )
    section.done()
    return pack


def _read_region(section: Section) -> Region:
    return Region(
        code=section.text("code"),
        name=section.text("name"),
        full_name=section.text("full_name"),
        level=section.choice("level", ("province", "city", "county")),
    )
