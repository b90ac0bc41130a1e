"""From pydantic's errors to words for whoever writes a pack."""

import types
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError

from careline.content.packs.problems import Problem
from careline.content.packs.yamlfile import YamlFile

Model = TypeVar("Model", bound=BaseModel)


def validated(
    model: type[Model],
    file: YamlFile,
    problems: list[Problem],
    languages: list[str] | None,
    in_progress: Any = None,
) -> Model | None:
    """Return the file's data as the model; None after adding what is wrong to `problems`."""
    if file.data is None:
        expected = "a list of entries" if issubclass(model, RootModel) else "its fields"
        problems.append(Problem(file.name, 1, f"the file is empty; expected {expected}"))
        return None
    try:
        context = {"languages": languages, "in_progress": in_progress or []}
        return model.model_validate(file.data, context=context)
    except ValidationError as error:
        problems.extend(_problems(model, file, error))
        return None


def _problems(model: type[BaseModel], file: YamlFile, error: ValidationError) -> Iterator[Problem]:
    for each in error.errors():
        yield file.problem(each["loc"], _message(model, dict(each)))


def _message(model: type[BaseModel], error: dict[str, Any]) -> str:
    location: tuple[int | str, ...] = error["loc"]
    field = next((str(part) for part in reversed(location) if isinstance(part, str)), "the file")
    match error["type"]:
        case "missing":
            return f"field '{field}' is missing; expected {_kind(model, location)}"
        case "extra_forbidden":
            known = ", ".join(_fields(model, location[:-1]))
            return f"unknown field '{field}'; expected one of: {known}"
        case "value_error":
            return f"field '{field}': {error['ctx']['error']}"
        case "enum" | "literal_error":
            got = error["input"]
            return f"field '{field}' is {got!r}; expected {error['ctx']['expected']}"
        case "string_type":
            return f"field '{field}' is {error['input']!r}; expected text in quotes"
        case "string_pattern_mismatch":
            return f"field '{field}' is {error['input']!r}; expected a word like 'side-effects'"
    return f"field '{field}': {error['msg'][0].lower()}{error['msg'][1:]}"


def _kind(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    kind = _at(model, location)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return f"a map with {', '.join(_fields(kind, ()))}"
    return {list: "a list", dict: "a map by language"}.get(get_origin(kind) or kind, "a value")


def _fields(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    kind = _at(model, location)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [info.alias or name for name, info in kind.model_fields.items()]
    return []


def _at(kind: Any, location: tuple[int | str, ...]) -> Any:
    """Return the type that stands at a path of keys and indexes, without its annotations."""
    kind = _bare(kind)
    for part in location:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = next(
                (
                    info.annotation
                    for name, info in kind.model_fields.items()
                    if part in (name, info.alias)
                ),
                None,
            )
        else:
            kind = (get_args(kind) or (None,))[-1]
        kind = _bare(kind)
    return kind


def _bare(kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, RootModel):
        return _bare(kind.model_fields["root"].annotation)
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return _bare(next(each for each in get_args(kind) if each is not type(None)))
    return kind
