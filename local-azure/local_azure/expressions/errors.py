"""The one error of the expression language.

The service reports such an error as ``InvalidTemplate``; who runs an action wraps it.
"""


class ExpressionError(Exception):
    """An expression that can't be read, or a function that can't accept what it was given.

    Args:
        message: one sentence that names function, argument and what was found.
        function: the function that refused, where one did.
    """

    def __init__(self, message: str, function: str | None = None) -> None:
        super().__init__(message)
        self.function = function


class ArgumentProblem(Exception):  # noqa: N818 - a reason, which the call completes to an error
    """Why a function can't accept an argument; the call adds the function's name.

    Args:
        reason: the end of the sentence "The template language function 'f' ...".
    """
