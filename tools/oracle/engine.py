"""Microsoft's workflow template engine, called directly, in a virtual environment of its own.

Reads one JSON document from standard input, ``{"sets": [{"service", "context", "expressions"}]}``,
and writes one JSON line per expression: ``{"value": ...}`` or ``{"error": "..."}``. The first line
tells the assembly (name, version, SHA-256), the last one the seconds that the answers took.
``service`` is "logic", "data_factory", or "definition": then each expression is a whole workflow
definition with the values of its parameters, and the value is null where the engine's own validator
accepts it.

It declines to compare or to judge: tools.oracle does that, outside of this environment.
"""

# ruff: noqa: E402 - .NET's modules exist once the runtime is loaded
# mypy: disable-error-code="import-not-found"

import hashlib
import importlib.util
import json
import pathlib
import sys
import time
from typing import Any

import pythonnet

pythonnet.load("coreclr")

import clr

_SPEC = importlib.util.find_spec("data_factory_testing_framework")
_ASSEMBLIES = pathlib.Path(str(_SPEC and _SPEC.origin)).parent / "_pythonnet" / "bin"
for _name in (
    "Newtonsoft.Json",
    "Microsoft.WindowsAzure.ResourceStack",
    "Microsoft.Azure.Workflows.Common",
    "Microsoft.Azure.Workflows.Data.Common",
    "Microsoft.Azure.Workflows.Templates",
    "Microsoft.Azure.DataFactoryTestingFramework.Expressions",
):
    clr.AddReference(str(_ASSEMBLIES / _name))

from Microsoft.Azure.DataFactoryTestingFramework.Expressions import (
    Evaluator,
)
from Microsoft.Azure.Workflows.Templates.Engines import (
    TemplateEngine,
    TemplateValidationEngine,
)
from Microsoft.Azure.Workflows.Templates.Expressions import (
    TemplateExpressionEvaluationHelper,
)
from Microsoft.Azure.Workflows.Templates.Helpers import (
    TemplateExpressionsHelper,
)
from Microsoft.Azure.Workflows.Templates.Schema import (
    FlowTemplate,
    FlowTemplateParameter,
)
from Microsoft.WindowsAzure.ResourceStack.Common.Collections import (
    InsensitiveDictionary,
)
from Newtonsoft.Json import DateParseHandling, JsonConvert, JsonTextReader
from Newtonsoft.Json.Linq import JToken
from System import Boolean, Func, String
from System.IO import StringReader
from System.Reflection import BindingFlags

_TEMPLATES = "Microsoft.Azure.Workflows.Templates"


def assembly() -> dict[str, str]:
    """Name, version and SHA-256 of the assembly that answers."""
    loaded = clr.GetClrType(TemplateExpressionEvaluationHelper).Assembly.GetName()
    digest = hashlib.sha256((_ASSEMBLIES / f"{_TEMPLATES}.dll").read_bytes()).hexdigest()
    return {"assembly": _TEMPLATES, "version": str(loaded.Version), "sha256": digest}


def _initialise() -> None:
    """Give the engine the request context that it asks for; DFTF does the same."""
    flags = (
        BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
    )
    patch = clr.GetClrType(Evaluator).GetMethod("PatchRequestCorrelationContext", flags)
    patch.Invoke(None if patch.IsStatic else Evaluator(), None)


def token(value: Any) -> Any:
    """A Python JSON value as the engine's; a string that looks like a date stays a string."""
    reader = JsonTextReader(StringReader(json.dumps(value)))
    reader.DateParseHandling = getattr(DateParseHandling, "None")
    return JToken.ReadFrom(reader)


def _tokens(table: dict[str, Any]) -> Any:
    tokens = InsensitiveDictionary[JToken]()
    for name, value in table.items():
        tokens.Add(name, token(value))
    return tokens


def _no_flags(actions: dict[str, Any]) -> Any:
    flags = InsensitiveDictionary[Boolean]()
    for name in actions:
        flags.Add(name, False)  # noqa: FBT003 - .NET's own signature
    return flags


def _logic_context(context: dict[str, Any]) -> Any:
    actions = context.get("actions", {})
    helper = TemplateExpressionsHelper.GetTemplateFunctionEvaluationHelper(
        _tokens(context.get("parameters", {})),
        None,
        str(context.get("trigger", {}).get("name", "")),
        token(context.get("trigger")),
        _tokens(actions),
        _tokens(context.get("results", {})),
        _no_flags(actions),
        _no_flags(actions),
        token(context.get("workflow")),
        False,  # noqa: FBT003 - .NET's own signature
        _tokens(context.get("variables", {})),
        token(context.get("item")),
        _tokens(context.get("items", {})),
        _tokens(context.get("iterationIndexes", {})),
        _tokens({}),
        None,
    )
    if "callbackUrl" in context:
        helper.OnListCallbackUrl = Func[String](lambda: context["callbackUrl"])
    return helper.EvaluationContext


def _logic(context: dict[str, Any]) -> Any:
    evaluation = _logic_context(context)

    def evaluate(value: Any) -> Any:
        evaluated = TemplateExpressionsHelper.EvaluateTemplateLanguageExpressionsRecursive(
            token(value),
            evaluation,
        )
        return json.loads(JsonConvert.SerializeObject(evaluated)) if evaluated is not None else None

    return evaluate


def _data_factory(context: dict[str, Any]) -> Any:
    pipeline = context.get("pipeline", {})
    parameters = {
        **{name: value for name, value in pipeline.items() if name != "parameters"},
        "globalParameters": pipeline.get("globalParameters", {}),
        "parameters": pipeline.get("parameters", {}),
        "libraryVariables": {},
        "dataset": context.get("dataset", {}),
        "linkedService": context.get("linkedService", {}),
    }
    activities = {
        name: {"outputs": {"body": value}} for name, value in context.get("activities", {}).items()
    }
    item = json.dumps(context["item"]) if "item" in context else None
    variables = json.dumps(context.get("variables", {}))

    def evaluate(expression: str) -> Any:
        answer = Evaluator().EvaluateExpression(
            expression,
            json.dumps(parameters),
            variables,
            item,
            json.dumps(activities),
        )
        return json.loads(answer)["result"]

    return evaluate


def _definition(_context: dict[str, Any]) -> Any:
    def validate(asked: dict[str, Any]) -> None:
        given = InsensitiveDictionary[FlowTemplateParameter]()
        for name, value in asked["parameters"].items():
            given.Add(name, _typed(value, FlowTemplateParameter))
        template = _typed(asked["definition"], FlowTemplate)
        TemplateEngine.ValidateTemplate(template)
        resolved = TemplateEngine.ResolveParameters(template, given)
        TemplateEngine.ProcessTemplateLanguageExpressions(template, resolved, None, "", None)
        TemplateValidationEngine.ValidateFlowTemplateDependencies(template, None)

    return validate


def _typed(value: Any, kind: Any) -> Any:
    """A JSON value as the engine's own document."""
    (convert,) = (
        method
        for method in clr.GetClrType(JsonConvert).GetMethods()
        if method.Name == "DeserializeObject"
        and method.IsGenericMethod
        and len(method.GetParameters()) == 1
    )
    return convert.MakeGenericMethod(clr.GetClrType(kind)).Invoke(None, [json.dumps(value)])


def _answer(evaluate: Any, expression: Any) -> dict[str, Any]:
    try:
        return {"value": evaluate(expression)}
    except Exception as error:  # noqa: BLE001 - whatever .NET throws is an answer of the judge
        while getattr(error, "InnerException", None) is not None and "arget of an invo" in str(
            error
        ):
            error = error.InnerException  # type: ignore[attr-defined]
        return {"error": str(getattr(error, "Message", error)).split("\n", 1)[0]}


_SERVICES = {"logic": _logic, "data_factory": _data_factory, "definition": _definition}


def main() -> None:
    """Answer the document on standard input."""
    _initialise()
    out = sys.stdout
    out.write(json.dumps(assembly()) + "\n")
    spent = 0.0
    for group in json.load(sys.stdin)["sets"]:
        evaluate = _SERVICES[group["service"]](group["context"])
        started = time.perf_counter()
        told = [_answer(evaluate, expression) for expression in group["expressions"]]
        spent += time.perf_counter() - started
        out.writelines(json.dumps(answer) + "\n" for answer in told)
    out.write(json.dumps({"seconds": spent}) + "\n")


if __name__ == "__main__":
    main()
