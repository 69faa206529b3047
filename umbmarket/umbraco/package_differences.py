"""What a package that was packed and the project of the same id say differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from umbmarket.umbraco.compatibility.dependencies import product_of

if TYPE_CHECKING:
    from umbmarket.nuget import NuGetVersion
    from umbmarket.umbraco.package_document import PackageDocument


class Differences(NamedTuple):
    """What a package that was packed and the project of the same id say differently.

    Attributes:
        version: both versions, the packed one first; None where they are the same or not both known.
        tagged: whether the packed one has the Marketplace's tag, where the two differ in that; else None.
        ranges: ranges of Umbraco that differ, each as (id, packed, planned).
    """

    version: tuple[NuGetVersion, NuGetVersion] | None
    tagged: bool | None
    ranges: tuple[tuple[str, str, str], ...]

    @property
    def is_older(self) -> bool:
        """The packed one is older by its version, or has the same version and says something else."""
        if self.version is not None:
            return self.version[0] < self.version[1]
        return self.tagged is not None or bool(self.ranges)


def differences_of(packed: PackageDocument, planned: PackageDocument, tag: str) -> Differences:
    """What the two say differently, as far as it is known.

    Args:
        packed: the package that was packed.
        planned: what the project would be packed to.
        tag: the tag that matters.
    """
    old, new = packed.version, planned.version
    version = (old, new) if old is not None and new is not None and old != new else None
    has_tag = packed.has_tag(tag)
    tagged = has_tag if planned.knows("tags") and has_tag != planned.has_tag(tag) else None
    before, after = _ranges(packed), _ranges(planned)
    ranges = []
    if planned.knows("dependencies"):
        for key in dict.fromkeys((*before, *after)):
            one, other = before.get(key), after.get(key)
            # None is the word for a range that a restore fills in.
            if (one != other and None not in (one, other)) or (key in after) != (key in before):
                ranges.append((key[1], one or "none", other or "none"))
    return Differences(version, tagged, tuple(dict.fromkeys(ranges)))


def _ranges(package: PackageDocument) -> dict[tuple[str, str], str | None]:
    """The ranges of Umbraco by target framework and id; None for one that is not known."""
    found: dict[tuple[str, str], str | None] = {}
    for group in package.dependency_groups:
        for dependency in group.dependencies:
            if product_of(dependency.id) is None:
                continue
            floats = dependency.range is not None and dependency.range.is_floating
            known = package.knows_range(dependency) and not floats
            written = dependency.effective_range.short if known else None
            found[group.framework.short_name, dependency.id] = written
    return found
