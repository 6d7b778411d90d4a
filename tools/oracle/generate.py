"""Generated expressions: three functions or more in each other, most of them well typed.

The generator draws from Python's Mersenne Twister by ``random()`` alone, whose sequence for a seed
is the same in every version, so that a recording needs the answers only.
"""

import json
import random
import re
from functools import lru_cache
from typing import Any

from tools.oracle.cases import Group, context

SEED = 20260101
COUNT = 24_000
_DEEPEST, _SHALLOWEST = 5, 3
_WRONG = 0.12  # share of expressions with one argument of any type
_SLOT = re.compile(r"'[^']*'|\b[SPINFBAOTDUCV]\b")
_RULE = re.compile(r"(?:'[^']*'|\S)+")

# Functions whose differences are listed by example: no random argument goes to them.
_FORGIVING = ("json(", "base64ToJson(", "sort(", "range(")

# What each kind of value can come from. S text, P letters, I small integer, N number, F float,
# B boolean, A array, O object, T timestamp, D base64, U URI, C content, V anything.
_PRODUCTIONS = {
    "S": """concat(S,S) concat(S,V,S) toLower(S) toUpper(S) trim(S) replace(S,P,S) string(V)
        string(N) substring(concat(S,'abcdef'),I) substring(concat('abcdefgh',S),I,I) slice(S,I)
        slice(S,I,I) join(A,S) uriComponent(S) uriComponentToString(uriComponent(S))
        base64ToString(base64(S)) decodeBase64(encodeBase64(S)) dataUri(S)
        dataUriToString(dataUri(S)) string(C) first(split(S,P)) last(split(S,P)) if(B,S,S)
        coalesce(null,S) take(S,I) skip(S,I) uriHost(U) uriPath(U) uriQuery(U) uriScheme(U)
        uriPathAndQuery(U) formatDateTime(T,'yyyy-MM-dd HH:mm:ss.fff') formatDateTime(T,'D')
        formatDateTime(T,'dddd d MMM yy hh:mm tt') decodeUriComponent(S)
        encodeUriComponent(S,N) dateDifference(T,T)""",
    "P": "toLower(P) toUpper(P) trim(P) concat(P,P) string(P) if(B,P,P) replace(P,'q','r')",
    "I": """length(S) length(A) length(P) indexOf(S,P) lastIndexOf(S,P) add(I,1) sub(I,1) mul(I,2)
        div(I,2) mod(I,3) int(string(I)) max(I,I) min(I,I) dayOfMonth(T) dayOfWeek(T)
        nthIndexOf(S,P,1) nthIndexOf(S,P,-1) if(B,I,I) int(B) uriPort(U) dayOfYear(T)""",
    "N": """add(N,N) sub(N,N) mul(N,I) div(N,7) mod(N,5) max(N,N) min(N,N,N) float(string(N))
        ticks(T) float(N) int(string(I)) max(createArray(N,N)) I F""",
    "F": "add(F,I) mul(F,F) div(F,3) sub(F,N) float(string(F)) float(I) min(F,N) mod(F,2)",
    "B": """equals(V,V) equals(N,N) equals(S,S) greater(N,N) less(N,N) greaterOrEquals(N,N)
        lessOrEquals(I,N) and(B,B) or(B,B) not(B) empty(S) empty(A) empty(O) contains(S,P)
        contains(A,V) contains(O,P) startsWith(S,P) endsWith(S,P) bool(N) bool(string(B)) isInt(S)
        isFloat(S) if(B,B,B) less(P,P) greater(P,P) equals(A,A) equals(O,O)
        isInt(string(I)) isFloat(string(N)) equals(O,O,O)""",
    "A": """createArray(V,V) createArray(S,N,B) split(S,P) array(V) union(A,A) intersection(A,A)
        take(A,I) skip(A,I) reverse(A) range(I,3) chunk(A,2) chunk(S,3) json(string(A))
        sort(createArray(N,N,N)) sort(createArray(P,P,P)) if(B,A,A) createArray(O,O)
        json(base64ToString(base64(string(A)))) sort(createArray(B,B))""",
    "O": """setProperty(O,P,V) removeProperty(O,P) addProperty(removeProperty(O,'zz'),'zz',V)
        union(O,O) intersection(O,O) json(string(O)) setProperty(O,'k',N) if(B,O,O)
        base64ToJson(base64(O)) coalesce(null,O)""",
    "T": """addDays(T,I) addHours(T,I) addMinutes(T,I) addSeconds(T,I) addToTime(T,I,'Month')
        addToTime(T,I,'Week') subtractFromTime(T,I,'Day') subtractFromTime(T,I,'Year') startOfDay(T)
        startOfHour(T) startOfMonth(T) formatDateTime(T) formatDateTime(T,'s') if(B,T,T)
        convertTimeZone(T,'UTC','Asia/Tokyo') formatDateTime(T,'r') parseDateTime(T)
        convertTimeZone(T,'UTC','America/New_York')""",
    "D": "base64(S) base64(O) base64(A) if(B,D,D)",
    "U": "concat(U,'/x') concat('https://h.example/',uriComponent(S)) concat(U,'?q=v')",
    "C": "binary(S) base64ToBinary(D) uriComponentToBinary(S) dataUriToBinary(dataUri(S))",
}
_LITERALS: dict[str, tuple[Any, ...]] = {
    "S": (
        "",
        "a",
        "Hello World",
        "it's",
        "1",
        "-2.5",
        "true",
        "ÀÉß日本",
        "a,b;c",
        "  pad  ",
        "%41+b",
    ),
    "P": ("a", "o", "k", "B", "lo", "é", "key", "_x", "-"),
    "I": (0, 1, 2, 3, 5),
    "N": (0, 1, -1, 7, 1.5, -2.25, 0.1, 1000000, 123456.789, 3),
    "F": (0.5, 1.5, -0.125, 2.75, 100.01),
    "B": (True, False),
    "T": (
        "2020-02-29T13:04:05.1234567Z",
        "2019-12-31T23:59:59",
        "2024-06-15",
        "2021-03-14T01:30:00+02:00",
        "2000-01-01T00:00:00Z",
    ),
    "D": ("YQ==", "w6k=", "", "aGVsbG8gd29ybGQ="),
    "U": ("https://www.contoso.com:8080/p/a?q=1#f", "http://host/", "https://h.example/a/b/../c"),
}
_RAW = {
    "A": (
        "createArray(1,'a',null)",
        "parameters('arr')",
        "json('[3,1,2]')",
        "json('[]')",
        "parameters('o').B",
        "triggerBody()",
    ),
    "O": (
        'json(\'{"k":1,"b":{"c":[1,2]}}\')',
        "parameters('o')",
        "json('{}')",
        "body('Authorize')",
        "triggerBody()[0]?.data",
    ),
    "C": ("binary('hello')", "binary('é')"),
}
_ANY = "SINBAOTF"


class _Generator:
    def __init__(self) -> None:
        self._random = random.Random(SEED)  # noqa: S311 - reproducible on purpose
        self._productions = {kind: _RULE.findall(text) for kind, text in _PRODUCTIONS.items()}

    def expression(self) -> str:
        depth = _SHALLOWEST + self._below(_DEEPEST - _SHALLOWEST + 1)
        wrong = self._random.random() < _WRONG
        return f"@{self._value(self._one(list(_ANY)), depth, wrong=wrong)}"

    def _value(self, kind: str, depth: int, *, wrong: bool = False) -> str:
        if kind == "V":
            kind = self._one(list(_ANY))
        if depth <= 0 and kind in ("V", "N", "F", *_LITERALS, *_RAW):
            return self._leaf(kind)
        rule = self._one(self._productions[kind])
        if rule in self._productions:
            return self._value(rule, depth, wrong=wrong)
        slots = sum(not slot.startswith("'") for slot in _SLOT.findall(rule))
        wrong = wrong and not rule.startswith(_FORGIVING)
        deep, odd = self._below(max(slots, 1)), self._below(max(slots, 1)) if wrong else -1
        place = iter(range(slots))

        def fill(slot: re.Match[str]) -> str:
            if slot.group().startswith("'"):
                return slot.group()
            at = next(place)
            wanted = "V" if at == odd else slot.group()
            below = depth - 1 if at == deep else self._below(max(depth - 1, 1))
            return self._value(wanted, below)

        return _SLOT.sub(fill, rule)

    def _leaf(self, kind: str) -> str:
        if kind in _RAW:
            return str(self._one(_RAW[kind]))
        return _literal(self._one(_LITERALS[kind]))

    def _below(self, limit: int) -> int:
        return int(self._random.random() * limit)

    def _one(self, among: Any) -> Any:
        return among[self._below(len(among))]


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value)


@lru_cache(maxsize=1)
def group(count: int = COUNT) -> Group:
    """So many generated expressions, the same every time, in the written cases' context."""
    generator = _Generator()
    expressions = [generator.expression() for _ in range(count)]
    return Group("generated", "logic_apps", context("logic_apps"), expressions)
