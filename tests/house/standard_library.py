"""A contract of import-linter: a package imports the standard library and itself, nothing else."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryOnly(Contract):
    """An allow-list: import-linter's own `forbidden` refuses only what it names."""

    type_name = "standard_library_only"
    package = fields.ModuleField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - its signature
        """Find each import of another package by a module of this one."""
        package = self.package.name  # type: ignore[attr-defined] # a field becomes its value
        foreign = [
            (module, imported)
            for module in sorted({package, *graph.find_descendants(package)})
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if not (imported == package or imported.startswith(f"{package}."))
            and imported.partition(".")[0] not in sys.stdlib_module_names
        ]
        return ContractCheck(kept=not foreign, metadata={"foreign": foreign})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each of them."""
        for module, imported in check.metadata["foreign"]:
            output.print_error(f"{module} imports {imported}.")
