"""What the two thousand sites of a run need not do again, as it comes out the same: compiling templates and addresses."""

from collections.abc import Callable

from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from core.web import Application


def spare() -> None:
    """Let every site of this process, and of later runs, take compiled templates and addresses from the first one."""
    Application.jinja_options = {"bytecode_cache": FileSystemBytecodeCache()}
    Rule._compile_builder = _remembered(Rule._compile_builder)


def _remembered(compile_builder: Callable) -> Callable:
    # Half of what making a site costs. What builds an address depends on nothing but this.
    made: dict[tuple, Callable] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Callable:
        key = (*rule._trace, repr(rule.defaults), append_unknown)
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    return remembered
