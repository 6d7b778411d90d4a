"""Collection functions, over arrays, objects and strings."""

from functools import cmp_to_key
from typing import Any

from local_azure.expressions.errors import ArgumentProblem
from local_azure.expressions.json_types import deep_equal, is_number, text, type_name
from local_azure.expressions.registry import declare, function
from local_azure.expressions.utf16 import joined, units

_LARGEST_INT32 = 2**31 - 1
_LONGEST_RANGE = 100_000
_SWAPPED = 3  # .NET sorts three elements by three swaps, which is not stable


@function("chunk(collection: string|array, length: integer)")
def chunk(collection: Any, length: int) -> list[Any]:
    """The collection in pieces of that length, the last one maybe shorter."""
    if length < 1:
        message = f"expects chunk size to be a positive integer. The provided value is {length}."
        raise ArgumentProblem(message)
    whole = _units(collection)
    return [_joined(whole[at : at + length]) for at in range(0, len(whole), length)]


@function("contains(collection: string|array|object, value: any)")
def contains(collection: Any, value: Any) -> bool:
    """Whether a string has a substring, an array an element, an object a property."""
    if isinstance(collection, list):
        return any(deep_equal(each, value) for each in collection)
    if not isinstance(value, str):
        message = (
            "expects parameters of matching types: a dictionary and a key (string), an array and "
            "a value (object), or a string and a substring. The provided types "
            f"'{type_name(collection)}' and '{type_name(value)}' are not compatible."
        )
        raise ArgumentProblem(message)
    if isinstance(collection, dict):
        return any(name.lower() == value.lower() for name in collection)
    return value in collection


@function("first(collection: string|array)")
def first(collection: Any) -> Any:
    """The first element, or null; of a string its first character, or the empty string."""
    if isinstance(collection, str):
        return _joined(units(collection)[:1])
    return collection[0] if collection else None


@function("last(collection: string|array)")
def last(collection: Any) -> Any:
    """The last element, or null; of a string its last character, or the empty string."""
    if isinstance(collection, str):
        return _joined(units(collection)[-1:])
    return collection[-1] if collection else None


@function("range(start: integer, count: integer)")
def range_(start: int, count: int) -> list[int]:
    """That many integers from the start on."""
    if not 0 <= count <= _LONGEST_RANGE or not -_LARGEST_INT32 - 1 <= start <= _LARGEST_INT32:
        raise _range_problem(start, count)
    if start + count > _LARGEST_INT32:
        raise _range_problem(start, count)
    return list(range(start, start + count))


def _range_problem(start: int, count: int) -> ArgumentProblem:
    return ArgumentProblem(
        "parameters are out of range: 'count' must be a positive integer no larger than "
        f"'{_LONGEST_RANGE}' and the sum of 'start' and 'count' must be no larger than "
        f"{_LARGEST_INT32}. Found {start} and {count}.",
    )


@function("sort(collection: array, key?: string)")
def sort(collection: list[Any], key: str | None = None) -> list[Any]:
    """The elements in order: numbers, or strings by code unit; objects by one of their keys."""
    keyed = [(_sort_key(each, key), each) for each in collection]
    if len(keyed) == _SWAPPED:
        for left, right in ((0, 1), (0, 2), (1, 2)):
            if _compare(keyed[left], keyed[right]) > 0:
                keyed[left], keyed[right] = keyed[right], keyed[left]
    else:
        keyed.sort(key=cmp_to_key(_compare))
    return [each for _, each in keyed]


def _compare(left: tuple[Any, Any], right: tuple[Any, Any]) -> int:
    return _order(left[0], right[0])


def _sort_key(element: Any, key: str | None) -> Any:
    if key is None:
        return element
    if isinstance(element, dict):
        for name, value in element.items():
            if name.lower() == key.lower():
                return value
    raise ArgumentProblem(f"did not find the key '{key}' in one or more elements of the array.")


def _order(left: Any, right: Any) -> int:
    if left is None or right is None:
        return (left is not None) - (right is not None)
    comparable = is_number(left) and is_number(right)
    if comparable or (type(left) is type(right) and isinstance(left, (str, bool))):
        if isinstance(left, str):
            left, right = units(left), units(right)
        return int(left > right) - int(left < right)
    message = (
        "can't compare elements of the types "
        f"'{type_name(left)}' and '{type_name(right)}' in the array."
    )
    raise ArgumentProblem(message)


@function("union(collection: any, collection: any, ...)")
def union(*collections: Any) -> Any:
    """All elements of the arrays, each once; or all properties of the objects, the last wins."""
    if _kind(collections) == "Object":
        return {name: value for each in collections for name, value in each.items()}
    return _distinct(value for each in collections for value in each)


@function("intersection(collection: any, collection: any, ...)")
def intersection(*collections: Any) -> Any:
    """The elements that all arrays have; or the properties that all objects have with one value."""
    first_one, others = collections[0], collections[1:]
    if _kind(collections) == "Object":
        return {
            name: value
            for name, value in first_one.items()
            if all(name in each and deep_equal(each[name], value) for each in others)
        }
    return _distinct(value for value in first_one if all(_in(value, each) for each in others))


def _kind(collections: tuple[Any, ...]) -> str:
    kinds = list(dict.fromkeys(map(type_name, collections)))
    if len(kinds) > 1:
        message = f"expects parameters of same type, but found '{','.join(kinds)}' distinct types."
        raise ArgumentProblem(message)
    if kinds[0] not in ("Array", "Object"):
        message = (
            "expects either a comma separated list of arrays or a comma separated list of objects "
            f"as its parameters. The function was invoked with parameters of type '{kinds[0]}'."
        )
        raise ArgumentProblem(message)
    return kinds[0]


def _distinct(values: Any) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if not _in(value, found):
            found.append(value)
    return found


def _in(value: Any, collection: list[Any]) -> bool:
    return any(deep_equal(value, each) for each in collection)


def _units(collection: Any) -> Any:
    return units(collection) if isinstance(collection, str) else collection


def _joined(collection: Any) -> Any:
    return joined(collection) if isinstance(collection, str) else collection


def _not_negative(count: int) -> int:
    if not 0 <= count <= _LARGEST_INT32:
        message = (
            "parameters are out of range: 'count' must be a positive integer of 32 bits. "
            f"The provided value is '{count}'."
        )
        raise ArgumentProblem(message)
    return count


@function("join(collection: array, delimiter: string)")
def join(collection: list[Any], delimiter: str) -> str:
    """The texts of all elements with the delimiter between them."""
    return delimiter.join(map(text, collection))


@function("skip(collection: string|array, count: integer)")
def skip(collection: Any, count: int) -> Any:
    """The collection without its first elements."""
    return _joined(_units(collection)[_not_negative(count) :])


@function("take(collection: string|array, count: integer)")
def take(collection: Any, count: int) -> Any:
    """The collection's first elements."""
    return _joined(_units(collection)[: _not_negative(count)])


declare(
    {
        # null has nothing in it
        "empty(collection: null|string|array|object)": lambda collection: not collection,
        "length(collection: string|array)": lambda collection: len(_units(collection)),
        "reverse(collection: array)": lambda collection: collection[::-1],
    }
)
