"""The public request and response shape of yente's `/match/{dataset}`, for organisations only."""

from typing import Annotated, Any

from ninja import Field, Schema

Texts = list[Annotated[str, Field(max_length=300)]]


class ExampleIn(Schema):
    """An entity by example: what the caller knows of an organisation."""

    id: str | None = Field(None, max_length=200, description="调用方自己的编号，原样返回")
    schema_: str = Field(
        alias="schema", max_length=40, description="Company、Organization、PublicBody 或 LegalEntity；不受理自然人"
    )
    properties: dict[str, Texts | Annotated[str, Field(max_length=300)]] = Field(
        description="name、alias、previousName；uscCode、registrationNumber、taxNumber、idNumber"
    )


class MatchIn(Schema):
    """Several examples at once, under names the caller chooses."""

    queries: dict[str, ExampleIn] = Field(min_length=1, max_length=100)
    weights: dict[str, float] = Field(default_factory=dict, description="不支持，须为空")
    config: dict[str, Any] = Field(default_factory=dict, description="不支持，须为空")


class FeatureOut(Schema):
    """One thing compared: `score` is what it took from 1, so never above 0."""

    score: float
    detail: str


class ScoredOut(Schema):
    """An organisation that may be meant. `match`: the platform itself would link it."""

    id: str
    caption: str
    schema_: str = Field(alias="schema")
    properties: dict[str, list[str]]
    datasets: list[str]
    referents: list[str]
    target: bool
    score: float = Field(description="0 到 1，即 1000 分制的分数除以 1000")
    match: bool
    features: dict[str, float]
    explanations: dict[str, FeatureOut]


class TotalOut(Schema):
    """How many results there are."""

    value: int
    relation: str


class QueryOut(Schema):
    """The example as it was understood."""

    id: str | None
    schema_: str = Field(alias="schema")
    properties: dict[str, list[str]]


class MatchesOut(Schema):
    """The answer to one example."""

    status: int
    results: list[ScoredOut]
    total: TotalOut
    query: QueryOut


class MatcherFeatureOut(Schema):
    """What a feature compares."""

    description: str
    coefficient: float
    url: str


class MatchOut(Schema):
    """All answers under the names of their questions."""

    responses: dict[str, MatchesOut]
    matcher: dict[str, MatcherFeatureOut]
    limit: int
